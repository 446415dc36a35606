import Dispatch
import Runtime
import Synchronization

/// The lines of the application that traces lead to.
enum SourceLines {
    /// The line of each trace that was looked up: reading the debug information of a whole program takes a second or two,
    /// and a page that is loaded again has the same traces.
    private static let known = Mutex<[[String]: String]>([:])
    private static let limit = 1_000

    /// One at a time, so that what one has found another need not look for.
    private static let reading = DispatchQueue(label: "martlet.debugging.sources")

    /// The innermost line of the application in each trace, `path:line`; `nil` where a trace does not lead there. Reads
    /// debug information, on a thread where that may block.
    static func of(_ traces: [Backtrace?]) async -> [String?] {
        await withCheckedContinuation { continuation in
            reading.async { continuation.resume(returning: traces.map { $0.flatMap(line) }) }
        }
    }

    /// Apart from the one above, so that no request waits for what somebody may want to see.
    private static let browsing = DispatchQueue(label: "martlet.debugging.sources.browsing", qos: .utility)

    /// The lines that are known within some time; the others are looked up meanwhile, and known the next time.
    ///
    /// - Returns: The lines, and whether all were looked up.
    static func of(_ traces: [Backtrace?], within limit: Duration) async -> (lines: [String?], isComplete: Bool) {
        guard !traces.isEmpty else { return ([], true) }
        let look = Look(traces.count)
        return await withCheckedContinuation { continuation in
            let answer: @Sendable () -> Void = {
                if let found = look.takeAnswer() { continuation.resume(returning: found) }
            }
            for (place, trace) in traces.enumerated() {
                browsing.async { look.note(trace.flatMap(line), at: place) }
            }
            browsing.async(execute: answer)
            let milliseconds = Int(limit / .milliseconds(1))
            DispatchQueue.global(qos: .utility).asyncAfter(
                deadline: .now() + .milliseconds(milliseconds), execute: answer)
        }
    }

    /// What was found so far; answered once.
    private final class Look: Sendable {
        private struct State {
            var lines: [String?]
            var count = 0
            var isAnswered = false
        }

        private let state: Mutex<State>

        init(_ count: Int) { state = Mutex(State(lines: Array(repeating: nil, count: count))) }

        func note(_ line: String?, at place: Int) {
            state.withLock { state in
                state.lines[place] = line
                state.count += 1
            }
        }

        func takeAnswer() -> (lines: [String?], isComplete: Bool)? {
            state.withLock { state in
                guard !state.isAnswered else { return nil }
                state.isAnswered = true
                return (state.lines, state.count == state.lines.count)
            }
        }
    }

    private static func line(of trace: Backtrace) -> String? {
        let addresses = trace.frames.map(\.description)
        if let line = known.withLock({ $0[addresses] }) { return line }
        let line = StackFrame.frames(ofFirst: [trace]).first(where: \.isOwn).map { "\($0.file):\($0.line)" }
        known.withLock { known in
            if known.count >= limit { known.removeAll() }
            known[addresses] = line
        }
        return line
    }
}
