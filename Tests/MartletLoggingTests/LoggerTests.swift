import FoundationEssentials
import MartletLogging
import Testing

@Suite struct LoggerTests {
    private let log = Logger("blog.views")
    private let sink = MemorySink()

    private func settings(_ levels: LogLevels = LogLevels(.debug)) -> LogSettings {
        LogSettings(levels: levels, sink: sink, clock: { 1_635_428_800_099_007 })
    }

    @Test func `an event has its name, level, logger, time and values in order`() throws {
        let id = try #require(UUID(uuidString: "0190B6A5-7E3C-7000-8000-00000000ABCD"))
        Logger.with(settings()) { log.info("post_published", post_id: id, n: 3, title: "A", rate: 0.5, draft: false) }
        let event = try #require(sink.events.first)
        #expect(event.name == "post_published")
        #expect(event.level == .info)
        #expect(event.logger == "blog.views")
        #expect(event.date == Date(timeIntervalSince1970: 1_635_428_800.099007))
        #expect(event.fields.map(\.name) == ["post_id", "n", "title", "rate", "draft"])
        #expect(event["post_id"] == .uuid(high: 0x0190_B6A5_7E3C_7000, low: 0x8000_0000_0000_ABCD))
        #expect(event.fields.dropFirst().map(\.value) == [.int(3), .string("A"), .double(0.5), .bool(false)])
    }

    private enum Status: String, LogValue { case draft }
    private struct Refused: Error, CustomStringConvertible { let description = "no route" }

    @Test func `every kind of value can stand in a log`() {
        let missing: Int? = nil
        let port: UInt16? = 80
        Logger.with(settings()) {
            log.error(
                "kinds", missing: missing, port: port, big: UInt64.max, wide: UInt128.max.description,
                status: Status.draft,
                took: Duration.milliseconds(12), at: Date(timeIntervalSince1970: 1), tags: ["a", "b"],
                part: "xyz".dropFirst(), single: Float(0.1), cause: .error(Refused()), key: Secret("k"))
        }
        #expect(
            sink.events[0].fields.map(\.value) == [
                .none, .int(80), .uint(.max), .string("340282366920938463463374607431768211455"), .string("draft"),
                .double(0.012), .moment(microseconds: 1_000_000), .list([.string("a"), .string("b")]), .string("yz"),
                .double(0.1), .string("Refused: no route"), .redacted,
            ])
    }

    @Test func `a call without a name, with a name of another type, or with values without labels is still told`() {
        Logger.with(settings()) {
            log.info(post_id: 1)
            log.info(5, n: 1)
            log.info("a", 7, 8)
            log.info()
            log.info("twice", n: 1, n: 2)
        }
        #expect(sink.events.map(\.name) == ["unnamed", "unnamed", "a", "unnamed", "twice"])
        #expect(sink.events[2].fields == [LogField("1", .int(7)), LogField("2", .int(8))])
        #expect(sink.events[4].fields == [LogField("n", .int(2))])
    }

    @Test func `the longest beginning of a name decides the level`() {
        let levels = LogLevels(.warning, ["blog": .error, "blog.views": .debug, "martlet.sql": .info])
        Logger.with(settings(levels)) {
            for name in ["blog", "blog.views", "blog.views.api", "blogger", "martlet", "martlet.sql", ""] {
                let log = Logger(name)
                log.debug("d")
                log.info("i")
                log.warning("w")
                log.error("e")
                log.critical("c")
            }
        }
        let told = Dictionary(grouping: sink.events, by: \.logger).mapValues { $0.map(\.name).joined() }
        #expect(
            told == [
                "blog": "ec", "blog.views": "diwec", "blog.views.api": "diwec", "blogger": "wec", "martlet": "wec",
                "martlet.sql": "iwec", "": "wec",
            ])
    }

    @Test func `one logger has the level of the settings it is used under, in turn and in parallel`() async {
        await withTaskGroup(of: Int.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let sink = MemorySink()
                    let isVerbose = number.isMultiple(of: 2)
                    let levels = LogLevels(isVerbose ? .debug : .error)
                    await Logger.with(LogSettings(levels: levels, sink: sink)) {
                        for _ in 0..<20 {
                            log.debug("x")
                            await Task.yield()
                        }
                    }
                    return isVerbose ? sink.events.count - 20 : sink.events.count
                }
            }
            for await difference in group { #expect(difference == 0) }
        }
    }

    @Test func `settings that are made later can tell more of a logger than all before`() {
        // No other settings name it, so it is known to be quiet before the second ones are made.
        let log = Logger("only.here.\(UInt64.random(in: 0 ... .max))")
        for _ in 0..<3 {
            Logger.with(settings(LogLevels(.critical, [log.name: .critical]))) { log.debug("quiet") }
        }
        #expect(sink.events.isEmpty)
        Logger.with(settings(LogLevels(.critical, [log.name: .debug]))) { log.debug("told") }
        Logger.with(settings(LogLevels(.critical, [log.name: .critical]))) { log.debug("quiet again") }
        #expect(sink.events.map(\.name) == ["told"])
    }

    @Test func `a level that is not told asks nothing of its values`() {
        struct Costly: LogValue {
            let asked: @Sendable () -> Void
            var logDatum: LogDatum {
                asked()
                return .none
            }
        }
        Logger.with(settings(LogLevels(.info))) {
            log.debug("quiet", value: Costly { Issue.record("asked for the value of an event that is not told") })
            #expect(!log.isEnabled(.debug))
            #expect(log.isEnabled(.info))
        }
        #expect(sink.events.isEmpty)
    }

    @Test func `behind a level values are worked out only for an event that is told`() {
        func value(_ level: String) -> String {
            if level == "debug" { Issue.record("worked out for an event that is not told") }
            return level
        }
        Logger.with(settings(LogLevels(.info))) {
            log[.debug]?("quiet", text: value("debug"))
            log[.info]?("told", text: value("info"))
        }
        #expect(sink.events.map(\.name) == ["told"])
        #expect(sink.events.first?.level == .info)
        #expect(sink.events.first?["text"] == "info".logDatum)
    }

    @Test(arguments: [("debug", LogLevel.debug), ("WARNING", .warning), ("Critical", .critical)])
    func `levels are read by name`(_ name: String, _ level: LogLevel) {
        #expect(LogLevel(name) == level)
    }

    @Test(arguments: ["", "warn", "info ", "1"])
    func `a name that is no level is refused`(_ name: String) {
        #expect(LogLevel(name) == nil)
    }
}

@Suite struct LogContextTests {
    private let log = Logger("blog")
    private let sink = MemorySink()

    @Test func `what is bound stands before the values, in the whole task tree and nowhere else`() async {
        await Logger.with(LogSettings(sink: sink)) {
            await Logger.withContext(["request_id": "r1", "ip": "::1"]) {
                log.info("a", n: 1)
                await Logger.withContext(["user_id": 4, "ip": "::2"]) {
                    async let child: Void = log.info("b")
                    await child
                    await Task { log.info("c") }.value
                }
                Logger.withContext(["x": 1]) { log.info("d", request_id: "own") }
                log.info("e")
            }
            log.info("f")
        }
        let told = sink.events.map { event in event.fields.map { "\($0.name)" }.joined(separator: ",") }
        #expect(
            told == [
                "request_id,ip,n", "request_id,ip,user_id", "request_id,ip,user_id", "ip,x,request_id", "request_id,ip",
                "",
            ])
        #expect(sink.events[1]["ip"] == .string("::2"))
        #expect(sink.events[3]["request_id"] == .string("own"))
    }

    @Test func `what is bound can be handed on`() {
        let context = Logger.withContext(["request_id": "r1", "auth_token": "t"]) { Logger.context }
        #expect(context["request_id"] == .string("r1"))
        #expect(context["auth_token"] == .redacted)
        #expect(Logger.context == LogContext())
    }
}

@Suite struct RedactionTests {
    @Test(arguments: [
        "password", "new_password2", "PASSWORD", "oldPassword", "passwd", "pass_phrase", "token", "csrftoken",
        "X-CSRFToken", "access_token", "refreshToken", "client-secret", "Authorization", "http_authorization", "cookie",
        "Set-Cookie", "api_key", "apiKey", "API-KEY", "x_api__key", "aws_access_key_id", "sessionid", "session_key",
        "credentials", "private_key",
    ])
    func `a value under a secret's name is redacted`(_ name: String) {
        #expect(LogField(name, .string("hunter2")).value == .redacted)
        #expect(LogField(name, .int(4711)).value == .redacted)
    }

    @Test(arguments: [
        "", "user_id", "path", "pass", "tok", "key", "author", "status", "cook", "api", "p", "sécret", "_",
    ])
    func `other values are told`(_ name: String) {
        #expect(LogField(name, .string("x")).value == .string("x"))
    }

    @Test func `a secret shows itself to nobody`() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump([secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped] {
            #expect(!text.contains("hunter2"))
        }
        #expect(secret.revealed == "hunter2")
    }

    @Test func `nor does what belongs to a person`() {
        let person = Personal("ann@example.org")
        var dumped = ""
        dump([person], to: &dumped)
        let sink = MemorySink()
        Logger.with(LogSettings(sink: sink)) { Logger("t").info("registered", contact: person, list: [person]) }
        #expect(sink.events.first?.fields.map(\.value) == [.redacted, .list([.redacted])])
        for text in ["\(person)", String(reflecting: person), String(describing: [person]), dumped, "\(sink.events)"] {
            #expect(!text.contains("ann"))
        }
        #expect(person.revealed == "ann@example.org")
        #expect(person == Personal("ann@example.org"))
    }

    @Test(arguments: ["timestamp", "level", "event", "logger"])
    func `a value cannot take the place of what every line has`(_ name: String) {
        #expect(LogField(name, .int(1)).name == name + "_")
    }
}
