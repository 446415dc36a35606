import MartletCrypto
import Testing

@Suite struct DigestTests {
    // RFC 1321 §A.5, RFC 3174 §7.3, FIPS 180-4 examples; names_digest of FORMATS is MD5 over both names.
    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ])
    func `MD5 and SHA-1 are those of the RFCs`(_ text: String, _ md5: String, _ sha1: String) throws {
        #expect(try Digest.md5(of: text.utf8).hexadecimal == md5)
        #expect(try Digest.sha1(of: text.utf8).hexadecimal == sha1)
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func `SHA-256 is that of the standard`(_ text: String, _ digest: String) throws {
        #expect(try Digest.sha256(of: text.utf8).hexadecimal == digest)
        #expect(try Digest.sha256(of: Array(text.utf8).reversed().reversed()).hexadecimal == digest)
    }

    @Test func `the digest of an index name is Django's`() throws {
        #expect(try Digest.md5(of: "blog_postauthor_id".utf8).hexadecimal.prefix(8) == "dd7a8485")
        #expect(try Digest.md5(of: "alice:".utf8).hexadecimal == "770553c33dfa3a641da8312d60b3b9ef")
    }

    // RFC 4231 §4.2, §4.3 and §4.7 (a key longer than a block); the last: nothing at all.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
    func `HMAC is that of the RFC`(_ key: [UInt8], _ message: String, _ code: String) throws {
        #expect(try HMAC.sha256(of: message.utf8, key: key).hexadecimal == code)
    }

    @Test func `a signed value is Django's`() throws {
        // django.core.signing.dumps("hello") at 1767225600 under this key.
        let salt = "django.core.signing"
        let key = try Digest.sha256(of: "\(salt)signerswift-framework-test-key".utf8)
        let value = Base64URL.encode("\"hello\"".utf8) + ":" + Base62.encode(1_767_225_600)
        let signature = Base64URL.encode(try HMAC.sha256(of: value.utf8, key: key))
        #expect("\(value):\(signature)" == "ImhlbGxvIg:1vb66i:tufY0TkIUiLOmBFCaSxFQRShKyR-oSHIZA-M77FZ9Uo")
    }

    @Test(arguments: [
        ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "", false), ("abc", "ab", false),
        ("é", "e\u{301}", false),
    ])
    func `secrets are compared byte by byte`(_ left: String, _ right: String, _ equal: Bool) {
        #expect(constantTimeEqual(left.utf8, right.utf8) == equal)
    }
}
