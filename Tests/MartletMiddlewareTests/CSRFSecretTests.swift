import Testing

@testable import MartletMiddleware

@Suite struct CSRFSecretTests {
    @Test func `a token is Django's to the byte`() throws {
        let secret = try CSRFSecret(reading: "abcdefghijklmnopqrstuvwxyzABCDEF")
        let mask = String(repeating: "Z", count: 32)
        // Golden vector, made with Django 5.2.
        #expect(secret.token(mask: mask) == mask + "Z0123456789abcdefghijklmnopqrstu")
    }

    // tests/csrf_tests/tests.py: MASKED_TEST_SECRET1 and 2 hold the same secret.
    @Test(arguments: [
        "1bcdefghij2bcdefghij3bcdefghij4bcdefghij5bcdefghij6bcdefghijABCD",
        "2JgchWvM1tpxT2lfz9aydoXW9yT1DN3NdLiejYxOOlzzV4nhBbYqmqZYbAV3V5Bf",
    ])
    func `Django's masks are taken off`(_ token: String) throws {
        #expect(try CSRFSecret(reading: token).text == "lcccccccX2kcccccccY2jcccccccssIC")
    }

    @Test func `each token of a secret differs, and is the secret again`() throws {
        let secret = try CSRFSecret.random()
        let tokens = try (0..<100).map { _ in try secret.token() }
        #expect(Set(tokens).count == 100)
        for token in tokens {
            #expect(token.utf8.count == 64)
            #expect(try CSRFSecret(reading: token).matches(secret))
        }
        #expect(try !CSRFSecret.random().matches(secret))
    }

    static let flawed: [(text: String, flaw: CSRFSecret.Flaw)] = [
        ("", .length),
        ("abc", .length),
        (String(repeating: "a", count: 33), .length),
        (String(repeating: "a", count: 65), .length),
        (String(repeating: "a", count: 31) + "*", .characters),
        (String(repeating: "a", count: 30) + "é", .characters),
        (String(repeating: "é", count: 32), .characters),
    ]

    @Test(arguments: flawed)
    func `what is no token is refused`(_ example: (text: String, flaw: CSRFSecret.Flaw)) {
        #expect(throws: example.flaw) { try CSRFSecret(reading: example.text) }
    }
}
