import FoundationEssentials
import MartletHTTP
import MartletLogging
import MartletMessages
import MartletSessions
import MartletSigning
import Testing

/// Django's tests/messages_tests: `BaseTests`, `CookieTests`, `FallbackTests`, `SessionTests`.
@Suite struct MessagesTests {
    @Test func `what one request adds, the next page shows once`() async throws {
        var browser = MessageBrowser()
        let response = try await browser.visit { request in
            try request.messages.success("Saved.", extraTags: "big")
            try request.messages.error("Not sent.")
            return Response()
        }
        #expect(response.headers[.setCookie]?.hasPrefix("messages=") == true)
        #expect(response.headers[.setCookie]?.contains("HttpOnly") == true)
        let messages = try await browser.read()
        #expect(messages.map(\.text) == ["Saved.", "Not sent."])
        #expect(messages.map(\.tags) == ["big success", "error"])
        #expect(browser.cookies == [:])
        #expect(try await browser.read() == [])
    }

    @Test func `a request that touches no messages gets nothing and costs the client nothing`() async throws {
        var browser = MessageBrowser()
        let plain = try await browser.visit { _ in Response() }
        #expect(plain.headers.isEmpty)
        try await browser.visit { request in
            try request.messages.info("one")
            return Response()
        }
        let cookies = browser.cookies
        let other = try await browser.visit { _ in Response() }
        #expect(other.headers.isEmpty)
        #expect(browser.cookies == cookies)
    }

    @Test func `messages that are not read wait with those that are added`() async throws {
        var browser = MessageBrowser()
        for text in ["one", "two", "three"] {
            try await browser.visit { request in
                try request.messages.info(text)
                return Response()
            }
        }
        #expect(try await browser.read().map(\.text) == ["one", "two", "three"])
    }

    @Test func `what is added after the others were read waits alone`() async throws {
        var browser = MessageBrowser()
        try await browser.visit { request in
            try request.messages.info("read")
            for message in try request.messages where message.text == "read" {
                try request.messages.info("later")
            }
            return Response()
        }
        #expect(try await browser.read().map(\.text) == ["later"])
    }

    @Test func `to count messages is not to read them`() async throws {
        var browser = MessageBrowser()
        try await browser.visit { request in
            try request.messages.info("one")
            return Response()
        }
        let response = try await browser.visit { request in
            let messages = try request.messages
            return Response("\(messages.count) \(messages.isEmpty)")
        }
        #expect(try await response.body.collect() == Array("1 false".utf8))
        #expect(response.headers[.setCookie] == nil)
        #expect(response.headers[.vary] == "Cookie")
        #expect(try await browser.read().count == 1)
    }

    struct LevelCase: Sendable, CustomTestStringConvertible {
        let level: MessageLevel
        let recorded: [Int]
        var testDescription: String { "from \(level.rawValue) on" }
    }

    static let levels = [
        LevelCase(level: .info, recorded: [20, 25, 30, 40, 35]),
        LevelCase(level: .debug, recorded: [10, 20, 25, 30, 40, 35]),
        LevelCase(level: MessageLevel(rawValue: 29), recorded: [30, 40, 35]),
        LevelCase(level: MessageLevel(rawValue: 0), recorded: [10, 20, 25, 30, 40, 35, 5]),
    ]

    @Test(arguments: levels)
    func `messages below the level are not recorded, nor are empty ones`(_ example: LevelCase) async throws {
        var browser = MessageBrowser()
        try await browser.visit { request in
            let messages = try request.messages
            messages.level = example.level
            messages.debug("debug")
            messages.info("info")
            messages.success("success")
            messages.warning("warning")
            messages.error("error")
            messages.add(MessageLevel(rawValue: 35), "custom")
            messages.add(MessageLevel(rawValue: 5), "least")
            messages.error("")
            return Response()
        }
        #expect(try await browser.read().map(\.level.rawValue) == example.recorded)
    }

    @Test func `the layer's level and tags are those of every request`() async throws {
        let loud = MessageLevel(rawValue: 29)
        var browser = MessageBrowser()
        browser.layers = [
            Messages(store: CookieMessageStore.test, level: loud, tags: [loud: "loud", .error: "bad"])
        ]
        try await browser.visit { request in
            try request.messages.success("quiet")
            try request.messages.add(loud, "loud", extraTags: "very")
            try request.messages.error("bad")
            try request.messages.add(MessageLevel(rawValue: 50), "unnamed")
            return Response()
        }
        #expect(try await browser.read().map(\.tags) == ["very loud", "bad", ""])
    }

    @Test func `without the layer the error says what to add`() throws {
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: Headers(), body: RequestBody(),
            peerAddress: "127.0.0.1", isEncrypted: false)
        let error = try #require(throws: MissingMessages.self) { try request.messages.info("lost") }
        #expect(error.description.contains("add Messages() to the middleware"))
    }
}

@Suite struct MessageCookieTests {
    @Test(arguments: [
        "garbage", "a:b:c", "W10:1vb66i:AAAA", ".eJyLjgUAARUAuQ:1vb66i:AAAA", String(repeating: "x", count: 4_000),
    ])
    func `a forged cookie has no messages, and is deleted once they are asked for`(_ forged: String) async throws {
        var browser = MessageBrowser(cookies: ["messages": forged])
        try await browser.visit { _ in Response() }
        #expect(browser.cookies["messages"] == forged)
        #expect(try await browser.read() == [])
        #expect(browser.cookies == [:])
    }

    /// Signed by whoever has the key, and still no messages.
    @Test(arguments: [
        "{}", "[1]", #"["__json_message"]"#, #"[["__json_message",0,20]]"#, #"[["other",0,20,"text"]]"#,
        #"[["__json_message",0,"20","text"]]"#, #"[["__json_message",0,20,["text"]]]"#, #""text""#, "null", "",
    ])
    func `signed nonsense has no messages`(_ json: String) async throws {
        let signer = try TimestampSigner(salt: "django.contrib.messages", keys: testKeys.forCookies)
        let signed = try signer.dumps(json: Array(json.utf8), compress: true)
        var browser = MessageBrowser(cookies: ["messages": signed])
        #expect(try await browser.read() == [])
    }

    @Test func `a cookie stays below its limit, and without a session the newest messages are kept`() async throws {
        var browser = MessageBrowser()
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) {
            _ = try await browser.visit { request in
                // Random text cannot be compressed.
                for text in numbered(0..<20) { try request.messages.info(text) }
                return Response()
            }
        }
        let length = try #require(browser.cookies["messages"]).utf8.count
        #expect(length > 1_700 && length <= 2_048)
        let kept = try await browser.read()
        #expect(!kept.isEmpty)
        #expect(kept.map(\.text) == numbered(20 - kept.count..<20))
        let event = try #require(sink.events.first { $0.name == "messages_lost" })
        let lost = (20 - kept.count).logDatum
        #expect(event.fields.first { $0.name == "count" }?.value == lost)
    }

    @Test func `what does not fit into the cookie waits in the session`() async throws {
        var browser = try MessageBrowser.withSession()
        try await browser.visit { request in
            for text in numbered(0..<20) { try request.messages.info(text) }
            return Response()
        }
        #expect(Set(browser.cookies.keys) == ["messages", "sessionid"])
        #expect(try #require(browser.cookies["messages"]).utf8.count <= 2_048)
        #expect(try await browser.read().map(\.text) == numbered(0..<20))
        #expect(browser.cookies["messages"] == nil)
        #expect(try await browser.read() == [])
    }

    @Test func `one message that is larger than the cookie waits in the session`() async throws {
        var browser = try MessageBrowser.withSession()
        let long = (0..<12).map(noise).joined()
        try await browser.visit { request in
            try request.messages.info(long)
            return Response()
        }
        #expect(try await browser.read().map(\.text) == [long])
    }

    @Test func `the session is not touched while the cookie suffices`() async throws {
        var browser = try MessageBrowser.withSession()
        let response = try await browser.visit { request in
            try request.messages.info("short")
            return Response()
        }
        #expect(response.headers.values(.setCookie).count == 1)
        #expect(Set(browser.cookies.keys) == ["messages"])
        #expect(try await browser.read().map(\.text) == ["short"])
    }

    @Test func `a session alone can keep messages`() async throws {
        var browser = try MessageBrowser.withSession()
        browser.layers[1] = Messages(store: SessionMessageStore())
        try await browser.visit { request in
            try request.messages.warning("kept", extraTags: "safe")
            return Response()
        }
        #expect(Set(browser.cookies.keys) == ["sessionid"])
        #expect(try await browser.read().map(\.tags) == ["safe warning"])
        #expect(try await browser.read() == [])
    }
}

/// Texts of about 270 bytes with their numbers in front.
private func numbered(_ numbers: Range<Int>) -> [String] {
    numbers.map { number in "\(number) \(noise(number))" }
}

/// Text that looks random, and is the same each time.
private func noise(_ seed: Int) -> String {
    var state = UInt64(seed &+ 1) &* 0x9E37_79B9_7F4A_7C15
    var text = ""
    for _ in 0..<20 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        text += String(state, radix: 36)
    }
    return text
}
