package import MartletHTTP
import MartletLogging
import MartletORM
import Runtime
import Synchronization

/// Notices statements of one shape that a request runs again and again: one for each row of another, as a rule.
///
/// For tests and debug mode only: from where a statement comes is read off the stack, once for each shape, when it is run
/// so often that it matters. Production neither counts nor looks.
package final class RepeatedStatements: Sendable {
    /// A shape that was run too often.
    package struct Repetition: Sendable, Hashable {
        /// The SQL, with `?` for values.
        package let statement: String
        /// How often it was run.
        package let count: Int
        /// The line of the application that has run it, `path:line`; `nil` where the stack does not lead there.
        package let source: String?
    }

    private struct Shape {
        var count = 0
        var place: (trace: Backtrace, context: LogContext)?
    }

    /// How often statements of one shape may run before that is noticed, unless told.
    package static let usualThreshold = 5

    /// A page in a loop without end must not fill the memory.
    private static let limit = 1_000

    private static let depth = 64
    private static let log = Logger("martlet.sql")

    /// Whether a request is watched already: once is enough.
    @TaskLocal private static var isWatching = false

    private let threshold: Int

    /// Filled by the tasks of one request; held only to add or look.
    private let shapes = Mutex<[String: Shape]>([:])

    /// - Parameter threshold: How often statements of one shape must run to be noticed.
    package init(threshold: Int = RepeatedStatements.usualThreshold) { self.threshold = threshold }

    /// Watches each request of a handler, and tells what it finds when the response is there.
    package static func telling(_ handler: @escaping Handler, threshold: Int) -> Handler {
        { request in
            guard !isWatching else { return try await handler(request) }
            let watch = RepeatedStatements(threshold: threshold)
            let response: Response
            do {
                response = try await watch.watching { try await handler(request) }
            } catch {
                await watch.tell(request)
                throw error
            }
            await watch.tell(request)
            return response
        }
    }

    /// Runs an operation and hears its statements.
    package func watching<Result>(
        isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async rethrows -> Result {
        try await Self.$isWatching.withValue(true) {
            try await StatementLog { self.hear($0) }.observing(isolation: isolation, operation)
        }
    }

    /// Logs `n_plus_one_suspected` for each shape that was run too often, with what was bound for the request.
    ///
    /// - Returns: The shapes, by their text.
    @discardableResult
    package func tell(_ request: Request) async -> [Repetition] {
        let found = shapes.withLock { $0.filter { $0.value.count >= threshold } }.sorted { $0.key < $1.key }
        guard !found.isEmpty else { return [] }
        let sources = await SourceLines.of(found.map(\.value.place?.trace))
        var repetitions: [Repetition] = []
        for ((statement, shape), source) in zip(found, sources) {
            Logger.withContext(shape.place?.context ?? [:]) {
                Self.log.warning(
                    "n_plus_one_suspected", count: shape.count, source: source, statement: statement,
                    request: "\(request.method.rawValue) \(request.path)")
            }
            repetitions.append(Repetition(statement: statement, count: shape.count, source: source))
        }
        return repetitions
    }

    private func hear(_ event: StatementEvent) {
        guard let name = StatementShape.of(event.sql) else { return }
        let isEnough = shapes.withLock { shapes in
            guard shapes[name] != nil || shapes.count < Self.limit else { return false }
            shapes[name, default: Shape()].count += 1
            return shapes[name]?.count == threshold
        }
        guard isEnough, let trace = ThrowRecorder.trace(depth: Self.depth) else { return }
        let context = Logger.context
        shapes.withLock { $0[name]?.place = (trace, context) }
    }
}
