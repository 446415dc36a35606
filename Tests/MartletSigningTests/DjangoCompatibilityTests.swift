import FoundationEssentials
import MartletJSON
import MartletSigning
import TestPrograms
import Testing

/// Both ways: this module, and the real `django.core.signing`.
@Suite struct DjangoCompatibilityTests {
    private static let secret = "a-secret-of-both-\u{FC}"
    private static let keys = SigningKeys(secret, fallbacks: ["an-older-secret"])

    private static let settings = """
        import json, sys
        from django.conf import settings
        settings.configure(SECRET_KEY="\(secret)", SECRET_KEY_FALLBACKS=["an-older-secret"])
        from django.core import signing
        from django.core.signing import Signer, TimestampSigner

        """

    static let values: [JSONValue] = [
        "hello", "", nil, true, 0, -9_007_199_254_740_993, 0.1, 1e300, 1e-07, [], [:],
        ["a": [1, 2.5, nil, true], "z": ["nested": ["deeply": []]], "b": "order is kept"],
        "\u{2019} \u{E9} e\u{301} 😀 \u{2028} \u{7F} \u{0}\u{1F} \" \\ / <>&'",
        .array(Array(repeating: "compress me", count: 100)),
    ]

    @Test func `Django reads what was signed here`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django)
        var signed: [[String: String]] = []
        for value in Self.values {
            for compress in [false, true] {
                signed.append([
                    "value": "\(value)", "salt": "s\u{E4}lt",
                    "signed": try Signing.dumps(value, salt: "s\u{E4}lt", compress: compress, keys: Self.keys),
                ])
            }
        }
        let texts = ["3098247:529:087:", "\u{2019}", ""]
        let printed = try await python.run(
            Self.settings + """
                given = json.load(sys.stdin)
                for entry in given["values"]:
                    loaded = signing.loads(entry["signed"], salt=entry["salt"], max_age=3600)
                    assert json.dumps(loaded) == json.dumps(json.loads(entry["value"])), (loaded, entry)
                print(len(given["values"]), [Signer().unsign(text) for text in given["signed"]],
                      [TimestampSigner().unsign(text, max_age=3600) for text in given["stamped"]],
                      Signer().unsign_object(given["object"]))
                """,
            input: try Self.json([
                "values": .array(signed.map { .object(JSONObject($0.map { ($0.key, .string($0.value)) })) }),
                "signed": .array(try texts.map { .string(try Signer(keys: Self.keys).sign($0)) }),
                "stamped": .array(try texts.map { .string(try TimestampSigner(keys: Self.keys).sign($0)) }),
                "object": .string(try Signer(keys: Self.keys).dumps(["a": 1], compress: true)),
            ]))
        let list = "['3098247:529:087:', '\u{2019}', '']"
        #expect(printed == "\(2 * Self.values.count) \(list) \(list) {'a': 1}\n")
    }

    @Test func `what Django signs is read here`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django)
        let printed = try await python.run(
            Self.settings + """
                values = json.load(sys.stdin)
                print(json.dumps({
                    "values": [signing.dumps(value, compress=compress) for value in values for compress in (0, 1)],
                    "signed": Signer(salt="other").sign("\u{2019}:"),
                    "stamped": TimestampSigner(sep="/").sign("\u{2019}"),
                    "object": Signer().sign_object({"a": [1]}),
                    "older": signing.dumps([1], key="an-older-secret"),
                    "foreign": signing.dumps([1], key="another-secret"),
                }))
                """, input: try Self.json(.array(Self.values)))
        let given = try JSON.parse(printed)
        let values = try #require(given["values"]?.arrayValue).compactMap(\.stringValue)
        let expected = Self.values.flatMap { [$0, $0] }
        #expect(try values.map { try Signing.loads(JSONValue.self, from: $0, keys: Self.keys) } == expected)
        func text(_ name: String) throws -> String { try #require(given[name]?.stringValue) }
        #expect(try Signer(salt: "other", keys: Self.keys).unsign(text("signed")) == "\u{2019}:")
        let stamped = try text("stamped")
        #expect(
            try TimestampSigner(separator: "/", keys: Self.keys).unsign(stamped, maxAge: .seconds(3_600))
                == "\u{2019}")
        #expect(try Signer(keys: Self.keys).loads([String: [Int]].self, from: text("object")) == ["a": [1]])
        #expect(try Signing.loads([Int].self, from: text("older"), keys: Self.keys) == [1])
        let foreign = try text("foreign")
        #expect(throws: BadSignature.self) { try Signing.loads([Int].self, from: foreign, keys: Self.keys) }
    }

    @Test func `signed cookies go both ways, with the salt of today and the one of before 5.2.15`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django)
        var keys = Self.keys
        keys.acceptsLegacyCookies = true
        let signed = try CookieSigner("theme", salt: "s\u{E4}lt", keys: keys).sign("d\u{E4}rk")
        let printed = try await python.run(
            Self.settings + """
                from django.http import HttpRequest, HttpResponse
                settings.SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
                request, response = HttpRequest(), HttpResponse()
                request.COOKIES["theme"] = sys.argv[1]
                assert request.get_signed_cookie("theme", salt="s\u{E4}lt", max_age=3600) == "d\u{E4}rk"
                response.set_signed_cookie("theme", "d\u{E4}rk", salt="s\u{E4}lt")
                print(response.cookies["theme"].value)
                print(signing.get_cookie_signer(salt="themes\u{E4}lt").sign("d\u{E4}rk"))
                """, signed)
        let lines = printed.split(separator: "\n").map(String.init)
        try #require(lines.count == 2)
        let signer = try CookieSigner("theme", salt: "s\u{E4}lt", keys: keys)
        for line in lines { #expect(try signer.unsign(line, maxAge: .seconds(3_600)) == "d\u{E4}rk") }
        let strict = try CookieSigner("theme", salt: "s\u{E4}lt", keys: Self.keys)
        #expect(try strict.unsign(lines[0], maxAge: nil) == "d\u{E4}rk")
        #expect(throws: BadSignature.self) { try strict.unsign(lines[1], maxAge: nil) }
    }

    private static func json(_ value: JSONValue) throws -> String {
        String(decoding: try JSON.encode(value, asciiOnly: true), as: UTF8.self)
    }
}
