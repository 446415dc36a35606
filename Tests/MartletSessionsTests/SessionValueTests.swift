import MartletHTTP
import MartletJSON
import MartletSessions
import Testing

/// Expectations of Django's `SessionTestsMixin` (tests/sessions_tests/tests.py), over requests.
@Suite struct SessionValueTests {
    @Test(arguments: StoreKind.allCases)
    func `a value that was set is there in the next request`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { session async throws in
                #expect(!session.isModified)
                #expect(!session.isAccessed)
                #expect(try await session["cat"] == nil)
                #expect(session.isAccessed)
                #expect(!session.isModified)
                try session.set("cat", "dog")
                #expect(session.isModified)
                #expect(try await session["cat"] == "dog")
            }
            try await browser.visit { session async throws in
                #expect(try await session.get("cat", as: String.self) == "dog")
                #expect(try await session.get("cat") == "dog")
                #expect(try await session.contains("cat"))
                #expect(try await !session.contains("dog"))
                #expect(!session.isModified)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `values of every kind of JSON come back as they were`(_ kind: StoreKind) async throws {
        struct Cart: Codable, Equatable, Sendable {
            var items: [String: Int]
            var note: String?
        }
        let cart = Cart(items: ["é😀\"\\": 2], note: "\u{0}\r\n</script>")
        let values: JSONObject = [
            "null": nil, "yes": true, "int": -9_007_199_254_740_993, "double": 0.1,
            "big": .bigNumber("1" + String(repeating: "0", count: 30)),
            "text": "zwölf", "list": [1, [2, "x"]], "object": ["b": 1, "a": [:]], "": "an empty key",
        ]
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { session async throws in
                try session.set("cart", cart)
                try session.update(values)
            }
            try await browser.visit { session async throws in
                #expect(try await session.get("cart", as: Cart.self) == cart)
                for (key, value) in values {
                    let found = try await session[key]
                    #expect(found == value)
                }
                #expect(try await session.get("null", as: String.self) == nil)
                #expect(try await session.contains("null"))
                #expect(try await session.values.count == values.count + 1)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `pop, remove and setDefault change only what is there`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { session async throws in
                #expect(try await session.pop("some key", as: String.self) == nil)
                #expect(try await !session.remove("some key"))
                #expect(session.isAccessed)
                #expect(!session.isModified)
                #expect(try await session.setDefault("foo", "bar") == "bar")
                #expect(try await session.setDefault("foo", "baz") == "bar")
                #expect(session.isModified)
            }
            try await browser.visit { session async throws in
                #expect(try await session.setDefault("foo", "baz") == "bar")
                #expect(!session.isModified)
                #expect(try await session.pop("foo", as: String.self) == "bar")
                #expect(session.isModified)
                #expect(try await session["foo"] == nil)
            }
            #expect(try await browser.values() == [:])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a cleared session is empty, and keeps its cookie`(_ kind: StoreKind) async throws {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { try $0.update(["a": "b", "c": "d"]) }
            let cookie = browser.cookie
            try await browser.visit { session async throws in
                try session.clear()
                #expect(try await session.values == [:])
                #expect(try await session["a"] == nil)
                try session.set("e", "f")
            }
            #expect(kind == .signedCookies || browser.cookie == cookie)
            #expect(try await browser.values() == ["e": "f"])
        }
    }

    @Test func `a value of another type is told with its key`() async throws {
        try await StoreBench.with(.signedCookies) { bench async throws in
            try await bench.browser().visit { session async throws in
                try session.set("page", "two")
                await #expect(throws: SessionError.self) { try await session.get("page", as: Int.self) }
                do {
                    _ = try await session.get("page", as: Int.self)
                } catch {
                    #expect("\(error)".hasPrefix("The session's value \"page\" is of another type: "))
                }
                #expect(try await session["page"] == "two")
            }
        }
    }

    @Test func `what cannot become JSON is refused where it is set`() async throws {
        try await StoreBench.with(.signedCookies) { bench async throws in
            try await bench.browser().visit { session async throws in
                #expect(throws: SessionError.self) { try session.set("n", Double.nan) }
                #expect(!session.isModified)
            }
        }
    }

    /// Arrays within arrays.
    private static func nested(_ levels: Int) -> JSONValue {
        (1..<levels).reduce(.array([])) { inner, _ in .array([inner]) }
    }

    @Test(arguments: StoreKind.allCases)
    func `what nests as deep as can be read comes back, and what nests deeper is refused`(_ kind: StoreKind)
        async throws
    {
        try await StoreBench.with(kind) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { session async throws in
                #expect(throws: SessionError.self) { try session.set("deep", Self.nested(512)) }
                #expect(throws: SessionError.self) { try session.update(["a": 1, "deep": Self.nested(512)]) }
                #expect(throws: SessionError.self) { try session.update(["deep": ["object": Self.nested(511)]]) }
                #expect(!session.isModified)
                try session.set("deep", Self.nested(511))
            }
            try await browser.visit { session async throws in
                #expect(try await session["deep"] == Self.nested(511))
            }
        }
    }

    @Test func `the test cookie tells whether the browser takes cookies`() async throws {
        try await StoreBench.with(.database) { bench async throws in
            let browser = bench.browser()
            try await browser.visit { session async throws in
                #expect(try await !session.testCookieWorked)
                try session.setTestCookie()
            }
            try await browser.visit { session async throws in
                #expect(try await session.testCookieWorked)
                try await session.deleteTestCookie()
                #expect(try await !session.testCookieWorked)
            }
        }
    }

    @Test func `a change after the response is refused, since it would be lost`() async throws {
        try await StoreBench.with(.database) { bench async throws in
            let kept = Kept()
            try await bench.browser().visit { kept.session = $0 }
            let session = try #require(kept.session)
            #expect(throws: SessionError.responseSent) { try session.set("late", 1) }
            #expect(throws: SessionError.responseSent) { try session.clear() }
            #expect(throws: SessionError.responseSent) { try session.cycleKey() }
            #expect(try await session["late"] == nil)
        }
    }

    @Test func `without the layer a view is told to add it`() throws {
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: Headers(), body: RequestBody(),
            peerAddress: "", isEncrypted: false)
        #expect(throws: MissingSessions.self) { try request.session }
    }
}
