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
