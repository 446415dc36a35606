import Measuring

/// Measures the ORM: `ORMBenchmark rows FILE ROUNDS` on a SQLite file, `ORMBenchmark memory FILE-OR-URL ROWS`, else
/// the subjects that are named.
@main enum ORMBenchmark {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count == 4, arguments[1] == "rows", let rounds = Int(arguments[3]) {
            return try await measureRows(in: arguments[2], rounds: rounds)
        }
        if arguments.count == 4, arguments[1] == "memory", let rows = Int(arguments[3]) {
            return try await measureMemory(in: arguments[2], rows: rows)
        }
        try await measure(["queries": queryOperations])
    }
}
