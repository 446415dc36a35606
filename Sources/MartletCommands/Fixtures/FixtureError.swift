/// What is wrong with a fixture, and where.
public struct FixtureError: Error, Sendable, CustomStringConvertible {
    /// The file.
    public let file: String
    /// The row, counted from 1; `nil` for the file as a whole.
    public let row: Int?
    /// What is wrong.
    public let problem: String

    /// File, row, problem.
    public var description: String {
        "\(file)\(row.map { ", object \($0)" } ?? ""): \(problem) Nothing was loaded."
    }
}

/// What is wrong with one row; the loader adds where.
struct FixtureProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A natural key that no row has, as yet.
struct UnresolvedReference: Error {
    /// What was looked for.
    let description: String
}
