import Glibc
import MartletLogging

/// Measures what an event costs the thread that tells it, and prints one JSON object a line for the driver.
///
/// `LoggingBenchmark [FORM …]`. The lines go to `/dev/null`, written by the sink's own thread, whose work counts only where it holds the teller up.
@main enum LoggingBenchmark {
    static let rounds = 11
    static let count = 100_000
    /// Events that are not told are many times as fast.
    static let quietCount = 2_000_000

    static func main() async {
        let renderers: KeyValuePairs<String, any LogRenderer> = [
            "console": ConsoleRenderer(), "json": JSONLinesRenderer(), "logfmt": LogfmtRenderer(),
            "syslog": SyslogRenderer(program: "bench"),
        ]
        // Before anything tells debug events: what no settings of the process tell is known without a look at the task.
        let quiet = StreamSink(descriptor: open("/dev/null", O_WRONLY), renderer: ConsoleRenderer())
        await Logger.with(LogSettings(levels: LogLevels(.info), sink: quiet)) {
            await Logger.withContext(["request_id": "9f8b4c1f3a5d4e6f8a7b6c5d4e3f2a1b"]) {
                report("disabled", dropped: 0, measure(quietCount, tellNothing))
                report("disabled, log.debug(…)", dropped: 0, measure(quietCount, listNothing))
                report("disabled, log.debug(…) without values", dropped: 0, measure(quietCount, tellNothingOfNothing))
                report("disabled, if log.isEnabled(.debug)", dropped: 0, measure(quietCount, askFirst))
            }
        }
        let chosen = CommandLine.arguments.dropFirst()
        for (name, renderer) in renderers where chosen.isEmpty || chosen.contains(name) {
            let sink = StreamSink(descriptor: open("/dev/null", O_WRONLY), renderer: renderer, capacity: 256 << 20)
            await Logger.with(LogSettings(sink: sink)) {
                await Logger.withContext(["request_id": "9f8b4c1f3a5d4e6f8a7b6c5d4e3f2a1b"]) {
                    report(name, dropped: sink.droppedEvents, measure(count, tell))
                }
                Logger.flush()
            }
        }
        await Logger.with(LogSettings(levels: LogLevels(.debug), sink: quiet)) {}
        await Logger.with(LogSettings(levels: LogLevels(.info), sink: quiet)) {
            await Logger.withContext(["request_id": "9f8b4c1f3a5d4e6f8a7b6c5d4e3f2a1b"]) {
                report("disabled, but told elsewhere in the process", dropped: 0, measure(quietCount, tellNothing))
            }
        }
    }

    static func tell() {
        for number in 0..<count {
            log.info("post_published", post_id: number, words: 812, title: "Two words", draft: false)
        }
        // Each round begins with an empty buffer.
        Logger.flush()
    }

    static func tellNothing() {
        for number in 0..<quietCount {
            log[.debug]?("post_published", post_id: number, words: 812, title: "Two words", draft: false)
        }
    }

    static func listNothing() {
        for number in 0..<quietCount {
            log.debug("post_published", post_id: number, words: 812, title: "Two words", draft: false)
        }
    }

    static func tellNothingOfNothing() {
        for _ in 0..<quietCount { log.debug("post_published") }
    }

    static func askFirst() {
        for number in 0..<quietCount where log.isEnabled(.debug) {
            log.debug("post_published", post_id: number, words: 812, title: "Two words", draft: false)
        }
    }

    /// Nanoseconds of one event, the median of the rounds: of the clock on the wall, since a thread that waits is held up
    /// as well.
    static func measure(_ count: Int, _ run: () -> Void) -> Double {
        var times: [Double] = []
        for round in 0...rounds {
            let start = ContinuousClock.now
            run()
            let time = start.duration(to: .now)
            // The first round only warms up.
            if round > 0 {
                times.append(
                    (Double(time.components.seconds) * 1e9 + Double(time.components.attoseconds) / 1e9) / Double(count))
            }
        }
        return times.sorted()[times.count / 2]
    }

    static func report(_ name: String, dropped: Int, _ nanoseconds: Double) {
        print(#"{"name":"\#(name)","nanoseconds":\#(nanoseconds),"dropped":\#(dropped)}"#)
    }
}

private let log = Logger("bench.views")
