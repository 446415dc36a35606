import FoundationEssentials
import MartletJSON
import MartletSigning
import Testing

/// Django's tests/signing/tests.py, `TestTimestampSigner`, `dumps` and `loads`.
@Suite struct TimestampSignerTests {
    @Test func `a value is signed with the time as Django signs it`() throws {
        let signer = try TimestampSigner(keys: testKeys)
        let signed = try signer.sign("hello", at: newYear)
        #expect(signed == "hello:1vb66i:7IOyWKcnqvp1Bw7qM32iCcpaX_Eo_2TxFbFuWSWd_5I")
        #expect(try signer.unsign(signed) == "hello")
    }

    struct AgeCase: Sendable, CustomTestStringConvertible {
        let maxAge: Duration?
        let later: TimeInterval
        let isBelieved: Bool
        var testDescription: String { "\(later) s later, \(maxAge.map { "\($0)" } ?? "any age") allowed" }
    }

    static let ages = [
        AgeCase(maxAge: .seconds(12), later: 11, isBelieved: true),
        AgeCase(maxAge: .seconds(11), later: 11, isBelieved: true),
        AgeCase(maxAge: .seconds(10), later: 11, isBelieved: false),
        AgeCase(maxAge: .milliseconds(11_500), later: 11.25, isBelieved: true),
        AgeCase(maxAge: .milliseconds(11_500), later: 11.75, isBelieved: false),
        AgeCase(maxAge: .zero, later: 0, isBelieved: true),
        AgeCase(maxAge: .zero, later: -60, isBelieved: true),
        AgeCase(maxAge: nil, later: 1e9, isBelieved: true),
    ]

    @Test(arguments: ages)
    func `a value that is too old is refused`(_ example: AgeCase) throws {
        let signer = try TimestampSigner(keys: testKeys)
        let start = Date(timeIntervalSince1970: 123_456_789)
        let signed = try signer.sign("hello", at: start)
        let now = start.addingTimeInterval(example.later)
        if example.isBelieved {
            #expect(try signer.unsign(signed, maxAge: example.maxAge, at: now) == "hello")
        } else {
            let error = try #require(throws: BadSignature.self) {
                try signer.unsign(signed, maxAge: example.maxAge, at: now)
            }
            #expect(error.reason == .expired)
        }
    }

    @Test func `the error tells how old the value is`() throws {
        let signer = try TimestampSigner(keys: testKeys)
        let signed = try signer.sign("hello", at: newYear)
        let error = try #require(throws: BadSignature.self) {
            try signer.unsign(signed, maxAge: .seconds(10), at: newYear.addingTimeInterval(11))
        }
        #expect(error.description == "The signature is 11.0 s old; 10.0 s are allowed.")
    }

    // Django answers these with ValueError.
    @Test(arguments: ["hello", "hello:", "hello:1v-b", "hello:zzzzzzzzzzzzzzzzzzzz", ":", "hello:-"])
    func `what was signed without a time is refused`(_ value: String) throws {
        let salt = "django.core.signing.TimestampSigner"
        let signed = try Signer(salt: salt, keys: testKeys).sign(value)
        let error = try #require(throws: BadSignature.self) { try TimestampSigner(keys: testKeys).unsign(signed) }
        #expect(error.reason == .malformed)
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan, 1e300])
    func `a time that is no number of seconds cannot be signed`(_ seconds: Double) throws {
        let signer = try TimestampSigner(keys: testKeys)
        let error = try #require(throws: SigningError.self) {
            try signer.sign("hello", at: Date(timeIntervalSince1970: seconds))
        }
        #expect(error.code == .invalidTime)
    }
}

@Suite struct SignedValueTests {
    struct Golden: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let value: JSONValue
        let signed: String
        var salt = "django.core.signing"
    }

    // Made with Django 5.2: signing.dumps(value, salt=salt)
    static let golden = [
        Golden(
            testDescription: "text", value: "hello",
            signed: "ImhlbGxvIg:1vb66i:tufY0TkIUiLOmBFCaSxFQRShKyR-oSHIZA-M77FZ9Uo"),
        Golden(
            testDescription: "a session", value: ["_auth_user_id": "1"],
            signed: "eyJfYXV0aF91c2VyX2lkIjoiMSJ9:1vb66i:0-f2ykWomr6Kzd13Zoam4dtfbKisEnu2MfDEdf2JgDY",
            salt: "django.contrib.sessions.SessionStore"),
        Golden(
            testDescription: "text beyond ASCII", value: "a string \u{2019} 😀 \u{7F}",
            signed: "ImEgc3RyaW5nIFx1MjAxOSBcdWQ4M2RcdWRlMDAgXHUwMDdmIg:1vb66i:"
                + "AExhyR_Yuo2FhNESk2R9hzRXJR8tIOKhPQAp3R-Ur-8"),
        Golden(
            testDescription: "an object", value: ["a": [1, 2.5, nil, true]],
            signed: "eyJhIjpbMSwyLjUsbnVsbCx0cnVlXX0:1vb66i:_L0eBxDykVft-rMfo-XyOjUrglBFLmCsWh5pScpHOLI"),
    ]

    @Test(arguments: golden, [false, true])
    func `values are Django's, and compressed only where that saves something`(
        _ example: Golden, _ compress: Bool
    ) throws {
        let signed = try Signing.dumps(
            example.value, salt: example.salt, compress: compress, keys: testKeys, at: newYear)
        #expect(signed == example.signed)
        #expect(
            try Signing.loads(JSONValue.self, from: signed, salt: example.salt, keys: testKeys) == example.value)
    }

    @Test func `a long value is compressed and begins with a dot`() throws {
        let value = [String](repeating: "a", count: 30)
        let signed = try Signing.dumps(value, compress: true, keys: testKeys)
        #expect(signed.hasPrefix("."))
        #expect(try Signing.dumps(value, keys: testKeys).count > signed.count)
        #expect(try Signing.loads([String].self, from: signed, keys: testKeys) == value)
        // Other versions of zlib may compress to other bytes; these are Django's.
        let django = ".eJyLVkpU0hkAHAsA964ZCw:1vb66i:DqcvL5pC5Y_ap0ToqngB_jmxYX4Q-e8uYBsPrPRzFmI"
        #expect(try Signing.loads([String].self, from: django, keys: testKeys) == value)
    }

    @Test func `a signer without time signs values too`() throws {
        let signer = try Signer(keys: testKeys)
        let signed = try signer.dumps(["a", "list"])
        #expect(signed == "WyJhIiwibGlzdCJd:z39eQf1o_nqIpwTy-58KQGQy9Z6gdOba76cmpfgDDkI")
        #expect(try signer.loads([String].self, from: signed) == ["a", "list"])
    }

    struct Invitation: Codable, Equatable {
        var team: Int
        var address: String
    }

    @Test func `a type of one's own comes back`() throws {
        let invitation = Invitation(team: 7, address: "ann@example.org")
        let token = try Signing.dumps(invitation, salt: "invitation", keys: testKeys, at: newYear)
        let now = newYear.addingTimeInterval(60)
        #expect(
            try Signing.loads(
                Invitation.self, from: token, salt: "invitation", maxAge: .seconds(60), keys: testKeys, at: now)
                == invitation)
        let error = try #require(throws: BadSignature.self) {
            try Signing.loads(
                Invitation.self, from: token, salt: "invitation", maxAge: .seconds(59), keys: testKeys, at: now)
        }
        #expect(error.reason == .expired)
    }

    @Test(arguments: Tampering.all)
    func `a changed value is refused`(_ tampering: Tampering) throws {
        let signed = try Signing.dumps(["foo": "bar", "baz": "1"], keys: testKeys)
        let error = try #require(throws: BadSignature.self) {
            try Signing.loads(JSONValue.self, from: tampering.change(signed), keys: testKeys)
        }
        #expect(error.reason == .mismatch)
    }

    @Test func `a value of another type is refused, and the place is told`() throws {
        let signed = try Signing.dumps(["team": "seven"], keys: testKeys)
        let error = try #require(throws: BadSignature.self) {
            try Signing.loads(Invitation.self, from: signed, keys: testKeys)
        }
        #expect(error.reason == .malformed)
        #expect(error.description.contains("$.team"))
    }

    struct Payload: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let reason: BadSignature.Reason
    }

    /// What only a holder of the key can have signed, such as another program that shares it.
    static let payloads = [
        Payload(testDescription: "nothing", text: "", reason: .malformed),
        Payload(testDescription: "no base64", text: "!", reason: .malformed),
        Payload(testDescription: "padded base64", text: "ImEi=", reason: .malformed),
        Payload(testDescription: "no JSON", text: "aGVsbG8", reason: .malformed),
        Payload(testDescription: "a dot alone", text: ".", reason: .malformed),
        Payload(testDescription: "compressed text that is no zlib", text: ".aGVsbG8", reason: .malformed),
    ]

    @Test(arguments: payloads)
    func `a good signature does not make nonsense a value`(_ payload: Payload) throws {
        let signer = try Signer(keys: testKeys)
        let error = try #require(throws: BadSignature.self) {
            try signer.loads(JSONValue.self, from: signer.sign(payload.text))
        }
        #expect(error.reason == payload.reason)
    }

    @Test func `a value that expands to more than is read is refused before it does`() throws {
        let signer = try Signer(keys: testKeys)
        let bomb = try signer.dumps(String(repeating: "a", count: 8 << 20), compress: true)
        #expect(bomb.utf8.count < 20_000)
        let error = try #require(throws: BadSignature.self) { try signer.loads(String.self, from: bomb) }
        #expect(error.reason == .tooLong)
        let limits = JSONLimits(bytes: 9 << 20)
        #expect(try signer.loads(String.self, from: bomb, limits: limits).utf8.count == 8 << 20)
    }

    @Test func `a value that nests too deep is refused`() throws {
        let signer = try Signer(keys: testKeys)
        var value: JSONValue = []
        for _ in 0..<200 { value = [value] }
        let signed = try signer.dumps(value, compress: true)
        let error = try #require(throws: BadSignature.self) { try signer.loads(JSONValue.self, from: signed) }
        #expect(error.reason == .malformed)
    }
}
