import MartletLogging
import MartletSigning
import Testing

/// Django's tests/signing/tests.py, `TestSigner`.
@Suite struct SignerTests {
    struct Golden: Sendable, CustomTestStringConvertible {
        let value: String
        let signed: String
        var testDescription: String { value.debugDescription }
    }

    // Made with Django 5.2: signing.Signer().sign(value)
    static let golden = [
        Golden(value: "3098247:529:087:", signed: "3098247:529:087::w9T-YNJHZWiRChCoihJdaqFKMqwqWfDgX3WorftwOZY"),
        Golden(value: "\u{2019}", signed: "\u{2019}:4x4i6V39CNze4yile_hOKG4nDN3CIce40EAHA1pJyb4"),
    ]

    @Test(arguments: golden)
    func `the signature is Django's`(_ example: Golden) throws {
        let signer = try Signer(keys: testKeys)
        #expect(try signer.sign(example.value) == example.signed)
        #expect(try signer.unsign(example.signed) == example.value)
    }

    @Test func `a salt makes another signature`() throws {
        let signer = try Signer(salt: "extra-salt", keys: testKeys)
        #expect(try signer.sign("") == ":3Hs6NOMRO0VInnEv3C61yrhLTnIAxdXE2ihDzG3KK6E")
        #expect(throws: BadSignature.self) { try Signer(salt: "other", keys: testKeys).unsign(signer.sign("hello")) }
    }

    @Test func `a key may be bytes that are no text`() throws {
        let signer = try Signer(keys: SigningKeys(bytes: Secret([0xE7])))
        #expect(try signer.sign("foo") == "foo:EE4qGC5MEKyQG5msxYA0sBohAxLC0BJf8uRhemh0BGU")
    }

    @Test(arguments: [
        "q;wjmbk;wkmb", "3098247529087", "3098247:529:087:", "jkw osanteuh ,rcuh nthu aou oauh ,ud du", "\u{2019}", "",
        ":", "e\u{301}", "\u{E9}", "a\0b", "\r\n", "👨‍👩‍👧:🏳️‍🌈",
    ])
    func `a signed value is read back, code point by code point`(_ value: String) throws {
        let signer = try Signer(keys: SigningKeys("predictable-secret"))
        let signed = try signer.sign(value)
        #expect(signed != value)
        #expect(Array(try signer.unsign(signed).unicodeScalars) == Array(value.unicodeScalars))
    }

    @Test(arguments: Tampering.all)
    func `a changed value is refused`(_ tampering: Tampering) throws {
        let signer = try Signer(keys: SigningKeys("predictable-secret"))
        let signed = try signer.sign("Another string")
        let error = try #require(throws: BadSignature.self) { try signer.unsign(tampering.change(signed)) }
        #expect(error.reason == .mismatch)
    }

    @Test func `letters that look alike are not alike`() throws {
        let signer = try Signer(keys: testKeys)
        let signed = try signer.sign("caf\u{E9}")
        #expect(throws: BadSignature.self) { try signer.unsign(signed.replacing("\u{E9}", with: "e\u{301}")) }
    }

    @Test(arguments: ["/", "*sep*", ",", "–"])
    func `another separator is possible`(_ separator: String) throws {
        let signer = try Signer(separator: separator, keys: SigningKeys("predictable-secret"))
        let signed = try signer.sign("foo")
        #expect(signed == "foo\(separator)jZQoX_FtSO70jX9HLRGg2A_2s4kdDBxz1QoO_OpEQb0")
        #expect(try signer.unsign(signed) == "foo")
    }

    @Test(arguments: ["", "-", "abc", "_", "=", "^", "0"])
    func `a separator that a signature could have is refused`(_ separator: String) throws {
        let error = try #require(throws: SigningError.self) { try Signer(separator: separator, keys: testKeys) }
        #expect(error.code == .unsafeSeparator)
    }
}

/// Django's tests/signing/tests.py, the fallbacks of `TestSigner`.
@Suite struct SigningKeysTests {
    @Test func `an earlier key is still believed`() throws {
        let old = try Signer(keys: SigningKeys("secret"))
        let new = try Signer(keys: SigningKeys("newsecret", fallbacks: ["othersecret", "secret"]))
        #expect(try new.unsign(old.sign("abc")) == "abc")
        #expect(try new.sign("abc") != old.sign("abc"))
    }

    @Test func `a key that was taken out is not`() throws {
        let old = try Signer(keys: SigningKeys("oldsecret"))
        #expect(throws: BadSignature.self) { try Signer(keys: SigningKeys("secret")).unsign(old.sign("abc")) }
    }

    @Test func `the task's keys sign when none are given`() throws {
        let signed = try SigningKeys.$current.withValue(testKeys) { try Signer().sign("\u{2019}") }
        #expect(signed == SignerTests.golden[1].signed)
        let error = try #require(throws: SigningError.self) { try Signer() }
        #expect(error.code == .noKeys)
    }

    @Test(arguments: [SigningKeys(""), SigningKeys("key", fallbacks: [""])])
    func `an empty key is refused`(_ keys: SigningKeys) throws {
        let error = try #require(throws: SigningError.self) { try Signer(keys: keys) }
        #expect(error.code == .emptyKey)
    }

    @Test func `no description shows a key`() throws {
        let keys = SigningKeys("squeamish", fallbacks: ["ossifrage"])
        let signer = try TimestampSigner(keys: keys)
        var shown = "\(keys) \(String(reflecting: keys)) \(signer) \(String(reflecting: signer))"
        dump(keys, to: &shown)
        dump(signer, to: &shown)
        #expect(throws: BadSignature.self) {
            do {
                _ = try signer.unsign("value:1vb66i:signature")
            } catch {
                shown += "\(error) \(String(reflecting: error))"
                throw error
            }
        }
        #expect(shown.contains("[redacted]"))
        for secret in ["squeamish", "ossifrage", "value", "1vb66i", "115, 113, 117"] {
            #expect(!shown.contains(secret))
        }
    }
}
