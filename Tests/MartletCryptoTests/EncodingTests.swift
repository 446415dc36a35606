import MartletCrypto
import Testing

@Suite struct EncodingTests {
    @Test func `every byte survives hexadecimal`() throws {
        let bytes = [UInt8](0...255)
        #expect(bytes.hexadecimal.hasPrefix("000102030405060708090a0b0c0d0e0f10"))
        #expect(try [UInt8](hexadecimal: bytes.hexadecimal) == bytes)
        #expect(try [UInt8](hexadecimal: "FFa0") == [255, 160])
    }

    @Test(arguments: ["a", "0g", "0x", "é", " 1", "٣٣"])
    func `text that is not hexadecimal is refused`(_ text: String) {
        #expect(throws: CryptoError.self) { try [UInt8](hexadecimal: text) }
    }

    // RFC 4648 §10, without padding; the last needs both letters that differ from plain base64.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"), ("~~~???", "fn5-Pz8_"),
    ])
    func `base64url is that of the RFC`(_ plain: String, _ encoded: String) throws {
        #expect(Base64URL.encode(plain.utf8) == encoded)
        #expect(try Base64URL.decode(encoded) == Array(plain.utf8))
    }

    @Test(arguments: ["Zg==", "Z", "Zg\n", " Zg", "Zh", "Zm9", "fn5+", "fn5/", "é", "Zm9vZ"])
    func `a second spelling of base64url is refused`(_ text: String) {
        #expect(throws: CryptoError.self) { try Base64URL.decode(text) }
    }

    @Test(arguments: [
        (0, "0"), (61, "z"), (62, "10"), (-62, "-10"), (1_767_225_600, "1vb66i"), (Int.max, "AzL8n0Y58m7"),
        (Int.min, "-AzL8n0Y58m8"),
    ])
    func `base 62 is Django's`(_ number: Int, _ text: String) throws {
        #expect(Base62.encode(number) == text)
        #expect(try Base62.decode(text) == number)
    }

    @Test(arguments: ["", "-", "+1", "1 ", "é", "--1", "AzL8n0Y58m8", "-AzL8n0Y58m9", "zzzzzzzzzzzzzzzzzzzzzzzzz"])
    func `text that is no number in base 62 is refused`(_ text: String) {
        #expect(throws: CryptoError.self) { try Base62.decode(text) }
    }
}
