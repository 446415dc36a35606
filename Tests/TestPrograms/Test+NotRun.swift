import Glibc
import Testing

extension Test {
    /// Ends the running test, or its running case, because something is missing here; says so in a line of its own.
    ///
    /// `Test.cancel` alone is not seen where all cases of a test are cancelled: the test then counts as passed. What
    /// `Scripts/test` lists at its end as not run are these lines.
    ///
    /// - Parameter reason: What is missing, and how to get it.
    package static func notRun(_ reason: String) throws -> Never {
        let line = notRunLine(current?.displayName ?? current?.name ?? "a test", reason)
        // At once, past the buffers of C: tests run at the same time.
        _ = Glibc.write(STDERR_FILENO, line, line.utf8.count)
        try cancel(Comment(rawValue: reason))
    }

    /// `NOT RUN: a test: no Python`, on one line.
    package static func notRunLine(_ name: String, _ reason: String) -> String {
        let words = "\(name): \(reason)".split(whereSeparator: \.isNewline).joined(separator: " ")
        return "NOT RUN: \(words)\n"
    }
}
