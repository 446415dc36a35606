import MartletCrypto
import Testing

@Suite struct RandomTests {
    @Test func `random bytes have the length asked for and differ`() throws {
        #expect(try Random.bytes(0).isEmpty)
        let first = try Random.bytes(32)
        #expect(first.count == 32)
        #expect(try Random.bytes(32) != first)
    }

    @Test(arguments: [-1, Int.min, Int.max])
    func `a length that nothing can have is an error`(_ length: Int) {
        #expect(throws: CryptoError.invalidLength(length)) { try Random.bytes(length) }
        #expect(throws: CryptoError.invalidLength(length)) { try Random.string(length: length) }
    }

    @Test func `random text uses the alphabet, all of it, and nothing else`() throws {
        let text = try Random.string(length: 20_000, from: .lowercaseAlphanumerics)
        #expect(text.utf8.count == 20_000)
        #expect(Set(text) == Set("abcdefghijklmnopqrstuvwxyz0123456789"))
        #expect(try Random.string(length: 3, from: RandomAlphabet("x")) == "xxx")
    }

    @Test func `no character is favoured`() throws {
        // A remainder without rejection would give the first 56 of 100 characters 3/256 and the others 2/256.
        let scalars = (0..<100).map { Character(UnicodeScalar(UInt8($0) + 0x1B)) }
        let text = try Random.string(length: 200_000, from: RandomAlphabet(String(scalars)))
        let share = Double(text.filter { scalars.prefix(56).contains($0) }.count) / 200_000
        #expect(abs(share - 0.56) < 0.02, "20 standard deviations wide, so that chance never fails it")
    }

    @Test(arguments: ["", "aa", "äö", "a\u{301}"])
    func `an alphabet that would favour a character or break one is refused`(_ characters: String) {
        #expect(throws: CryptoError.self) { try RandomAlphabet(characters) }
    }
}
