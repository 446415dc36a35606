import MartletLogging
import MartletORM
import MartletSite
public import Testing

/// Runs each test in a transaction of a database of its own and rolls it back: tests that run at the same time do
/// not see each other, and none leaves anything behind.
///
/// Hooks that wait for a commit do not run, since nothing is committed.
public struct DatabaseTrait: SuiteTrait, TestTrait, TestScoping {
    let testSite: TestSite

    /// Each test of a suite gets its own transaction.
    public var isRecursive: Bool { true }

    private struct RollBack: Error {}

    /// Runs a test.
    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        // A suite, or a test as a whole, only contains the cases that run.
        guard testCase != nil else { return try await function() }
        let running = try await testSite.lease()
        defer { testSite.giveBack(running) }
        try await running.bound {
            do {
                try await testTransaction {
                    // Requests log a line each, which would bury what a failing test has to say.
                    try await Logger.with(LogSettings(sink: MemorySink())) { try await function() }
                    throw RollBack()
                }
            } catch is RollBack {}
        }
    }
}
