import MartletLogging
import Testing

/// What a request binds while it runs.
@Suite struct LogBindingsTests {
    private let log = Logger("blog")
    private let sink = MemorySink()

    private func told(_ operation: () async throws -> Void) async rethrows -> [String] {
        try await Logger.with(LogSettings(sink: sink), operation: operation)
        return sink.events.map { event in
            ([event.name] + event.fields.map { "\($0.name)=\(Self.text($0.value))" }).joined(separator: " ")
        }
    }

    private static func text(_ datum: LogDatum) -> String {
        switch datum {
        case .string(let text): text
        case .int(let number): "\(number)"
        case .redacted: "[redacted]"
        default: "\(datum)"
        }
    }

    @Test func `what is bound is on every later event of the request, also of the layers around`() async {
        let lines = await told {
            await Logger.withContext(["trace_id": "t"]) {
                await Logger.with(LogBindings(["request_id": "r"])) {
                    log.info("started")
                    await Logger.withContext(["ip": "::1"]) {
                        async let child: Void = Logger.bind(["user_id": 7])
                        await child
                        log.info("inside", n: 1)
                        await Task { log.info("task") }.value
                    }
                    log.info("finished")
                }
                log.info("after")
            }
        }
        #expect(
            lines == [
                "started trace_id=t request_id=r", "inside trace_id=t request_id=r user_id=7 ip=::1 n=1",
                "task trace_id=t request_id=r user_id=7 ip=::1", "finished trace_id=t request_id=r user_id=7",
                "after trace_id=t",
            ])
    }

    @Test func `the last binding counts, a narrower one over it, and the event's own value over all`() async {
        let lines = await told {
            await Logger.with(LogBindings(["user_id": 1])) {
                Logger.bind(["user_id": 2])
                log.info("a")
                Logger.withContext(["user_id": 3]) {
                    Logger.bind(["user_id": 4])
                    log.info("b")
                    log.info("c", user_id: 5)
                }
                log.info("d")
                #expect(Logger.context["user_id"] == .int(4))
            }
        }
        #expect(lines == ["a user_id=2", "b user_id=3", "c user_id=5", "d user_id=4"])
    }

    @Test func `secrets are hidden, hostile values do no harm, and other settings keep what is bound`() async {
        let hostile = "'\"; DROP\n\0\u{1B}😀" + String(repeating: "x", count: 10_000)
        _ = await told {
            await Logger.with(LogBindings([:])) {
                Logger.bind(["session_key": "hush", "note": hostile, "level": "forged"])
                Logger.with(LogSettings(sink: sink)) { log.info("a") }
            }
        }
        #expect(sink.events.first?["session_key"] == .redacted)
        #expect(sink.events.first?["note"] == .string(hostile))
        #expect(sink.events.first?["level_"] == .string("forged"))
    }

    @Test func `outside of a request nothing is bound, and requests do not see each other`() async {
        Logger.bind(["user_id": 1])
        #expect(Logger.context == LogContext())
        let lines = await told {
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        await Logger.with(LogBindings(["request_id": number])) {
                            Logger.bind(["user_id": number])
                            await Task.yield()
                            log.info("a")
                        }
                    }
                }
            }
        }
        #expect(Set(lines) == Set((0..<50).map { "a request_id=\($0) user_id=\($0)" }))
    }
}
