import FoundationEssentials
import MartletHTTP
import MartletJSON
import MartletMessages
import MartletSessions
import MartletSigning
import TestPrograms
import Testing

/// Both ways: this module, and the storages of the real `django.contrib.messages`.
@Suite struct DjangoMessagesTests {
    private static let prelude = """
        import json, sys
        from django.conf import settings
        settings.configure(SECRET_KEY="swift-framework-test-key", SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies")
        import django
        django.setup()
        from django.contrib.messages import constants, get_messages
        from django.contrib.messages.storage.cookie import CookieStorage
        from django.contrib.messages.storage.fallback import FallbackStorage
        from django.contrib.messages.storage.session import SessionStorage
        from django.contrib.sessions.backends.signed_cookies import SessionStore
        from django.http import HttpRequest, HttpResponse
        from django.utils.safestring import SafeData, mark_safe

        def request(cookies={}, session=None):
            made = HttpRequest()
            made.COOKIES.update(cookies)
            made.session = SessionStore(session)
            return made

        def show(storage):
            print(json.dumps([[m.level, m.message, m.tags, isinstance(m.message, SafeData)] for m in storage]))

        """

    /// What both have to say, as `show` prints it.
    private static let expected = #"""
        [[20, "plain", "info", false], [25, "\u00fc\ud83d\ude00 <&>", "a b success", false], [40, "<b>html</b>", "error", true], [35, "custom", "", false]]

        """#

    private func add(to request: Request) throws {
        let messages = try request.messages
        messages.info("plain")
        messages.success("\u{FC}\u{1F600} <&>", extraTags: "a b")
        messages.add(.error, "<b>html</b>", isHTML: true)
        messages.add(MessageLevel(rawValue: 35), "custom")
    }

    private static let script = """
        storage.add(constants.INFO, "plain")
        storage.add(constants.SUCCESS, "\u{FC}\u{1F600} <&>", extra_tags="a b")
        storage.add(constants.ERROR, mark_safe("<b>html</b>"))
        storage.add(35, "custom", extra_tags=None)

        """

    private func check(_ messages: [Message]) {
        #expect(messages.map(\.text) == ["plain", "\u{FC}\u{1F600} <&>", "<b>html</b>", "custom"])
        #expect(messages.map(\.tags) == ["info", "a b success", "error", ""])
        #expect(messages.map(\.isHTML) == [false, false, true, false])
        #expect(messages.map(\.level.rawValue) == [20, 25, 40, 35])
    }

    @Test func `Django shows the messages of a cookie that was set here`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django)
        var browser = MessageBrowser()
        try await browser.visit { request in
            try add(to: request)
            return Response()
        }
        let printed = try await python.run(
            Self.prelude + "show(CookieStorage(request({'messages': sys.argv[1]})))",
            try #require(browser.cookies["messages"]))
        #expect(printed == Self.expected)
    }

    @Test func `the messages of a cookie that Django has set are shown here`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django)
        let printed = try await python.run(
            Self.prelude + "response = HttpResponse()\nstorage = FallbackStorage(request())\n" + Self.script
                + "assert storage.update(response) == []\nprint(response.cookies['messages'].value, end='')")
        var browser = MessageBrowser(cookies: ["messages": printed])
        check(try await browser.read())
    }

    @Test func `what overflows into the session is shown by Django, in the order it was added`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django)
        var browser = try MessageBrowser.withSession()
        try await browser.visit { request in
            for number in 1...120 as ClosedRange<UInt64> {
                let noise = number &* 0x9E37_79B9_7F4A_7C15
                try request.messages.info("\(number) \(noise)")
            }
            return Response()
        }
        let printed = try await python.run(
            Self.prelude + """
                storage = FallbackStorage(request({"messages": sys.argv[1]}, sys.argv[2]))
                messages = list(storage)
                print(len(messages), messages[0], "|", messages[119])
                """, try #require(browser.cookies["messages"]), try #require(browser.cookies["sessionid"]))
        #expect(printed == "120 1 11400714819323198485 | 120 3026716864276998616\n")
    }

    @Test func `what overflows into Django's session is shown here`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django)
        let printed = try await python.run(
            Self.prelude + """
                import random
                random.seed(1)
                response, made = HttpResponse(), request()
                storage = FallbackStorage(made)
                for number in range(40):
                    storage.add(constants.INFO, f"{number} {random.getrandbits(400):x}")
                assert storage.update(response) == []
                made.session.save()
                print(response.cookies["messages"].value, made.session.session_key, end="")
                """)
        let cookies = printed.split(separator: " ").map(String.init)
        try #require(cookies.count == 2)
        var browser = try MessageBrowser.withSession()
        browser.cookies = ["messages": cookies[0], "sessionid": cookies[1]]
        let messages = try await browser.read()
        #expect(messages.map { $0.text.split(separator: " ").first.map(String.init) } == (0..<40).map { "\($0)" })
        #expect(try await browser.read() == [])
    }

    @Test func `a session's messages go both ways`() async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django)
        var browser = try MessageBrowser.withSession()
        browser.layers[1] = Messages(store: SessionMessageStore())
        try await browser.visit { request in
            try add(to: request)
            return Response()
        }
        let printed = try await python.run(
            Self.prelude + "made = request(session=sys.argv[1])\nshow(SessionStorage(made))\n"
                + "response, made = HttpResponse(), request()\nstorage = SessionStorage(made)\n" + Self.script
                + "storage.update(response)\nmade.session.save()\nprint(made.session.session_key, end='')",
            try #require(browser.cookies["sessionid"]))
        let lines = printed.split(separator: "\n").map(String.init)
        try #require(lines.count == 2)
        #expect(lines[0] + "\n" == Self.expected)
        browser.cookies = ["sessionid": lines[1]]
        check(try await browser.read())
    }
}
