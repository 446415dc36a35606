import MartletDebugging
import MartletHTTP
import Testing

/// What comes of a request of a test that runs statements of one shape again and again: one for each row of a list, say,
/// where one for the whole list would do.
///
/// ```swift
/// let response = try await TestClient(nPlusOne: .fails).get("/posts/")
/// ```
public struct NPlusOne: Sendable, Hashable {
    private let threshold: Int
    private let isFailure: Bool

    /// An event `n_plus_one_suspected` from five statements of one shape on.
    public static let logs = logs(from: RepeatedStatements.usualThreshold)

    /// An event and an issue of the test from five statements of one shape on.
    public static let fails = fails(from: RepeatedStatements.usualThreshold)

    /// Nothing, as often as it likes.
    public static let ignored = NPlusOne(threshold: .max, isFailure: false)

    /// An event `n_plus_one_suspected`.
    ///
    /// - Parameter count: From how many statements of one shape on; 1 where it is less.
    public static func logs(from count: Int) -> NPlusOne { NPlusOne(threshold: max(1, count), isFailure: false) }

    /// An event and an issue of the test.
    ///
    /// - Parameter count: From how many statements of one shape on; 1 where it is less.
    public static func fails(from count: Int) -> NPlusOne { NPlusOne(threshold: max(1, count), isFailure: true) }

    /// Runs a request, and says what it has repeated.
    func watching<Result>(
        _ request: Request, _ place: SourceLocation, _ operation: () async throws -> Result
    ) async throws -> Result {
        guard threshold < .max else { return try await operation() }
        let watch = RepeatedStatements(threshold: threshold)
        let result: Result
        do {
            result = try await watch.watching(operation)
        } catch {
            await tell(watch, request, place)
            throw error
        }
        await tell(watch, request, place)
        return result
    }

    private func tell(_ watch: RepeatedStatements, _ request: Request, _ place: SourceLocation) async {
        for found in await watch.tell(request) where isFailure {
            let source = found.source.map { " at \($0)" } ?? ""
            Issue.record(
                """
                \(request.method.rawValue) \(request.path) ran \(found.count) statements of one shape\(source); one query \
                with selectRelated or prefetch would do: \(found.statement)
                """, sourceLocation: place)
        }
    }
}
