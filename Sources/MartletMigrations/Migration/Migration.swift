/// A step in the history of an app's tables.
///
/// `manage makemigrations` writes these; they can also be written by hand:
///
/// ```swift
/// extension Migration {
///     static let blog0002PostExcerpt = Migration("0002_post_excerpt", dependencies: ["blog.0001_initial"]) {
///         AddField("Post", .init("excerpt", .text), default: .text(""))
///     }
/// }
/// ```
///
/// A migration says what models looked like when it was written, and never names a model's type: it must go on
/// working when the type has changed.
public struct Migration: Sendable {
    /// The name, unique in its app: `0001_initial`.
    public let name: String

    /// The migrations that must be applied before.
    public let dependencies: [MigrationName]

    /// The migrations whose place it takes, in order: those that `squashmigrations` has made it of.
    public let replaces: [MigrationName]

    /// What it does, in order.
    public let operations: [any MigrationOperation]

    /// Whether all of it happens in one transaction; else each operation has a transaction of its own, or none where
    /// the database allows none.
    public let isAtomic: Bool

    /// The file it was compiled from, with its module: `Blog/0002_post_excerpt.swift`. Errors name it.
    public let file: String

    /// Makes a migration.
    ///
    /// - Parameters:
    ///   - name: Begins with a number, so that the files sort: `0001_initial`.
    ///   - replaces: The migrations whose place it takes. Where none of them is applied it is applied instead; where all
    ///     are, it counts as applied; where some are, they go on and it waits.
    ///   - dependencies: The migrations that must be applied before, the app's own last one among them.
    ///   - atomic: Whether all of it happens in one transaction. `false` is for what PostgreSQL refuses inside of one,
    ///     such as ``AddIndexConcurrently``; when such a migration fails, the operations before stay.
    ///   - file: Left alone, the file that the call stands in.
    ///   - operations: What it does, in order.
    public init(
        _ name: String, replaces: [MigrationName] = [], dependencies: [MigrationName] = [], atomic: Bool = true,
        file: String = #fileID, @MigrationBuilder operations: () -> [any MigrationOperation]
    ) {
        self.init(
            name: name, replaces: replaces, dependencies: dependencies, operations: operations(), isAtomic: atomic,
            file: file)
    }

    init(
        name: String, replaces: [MigrationName] = [], dependencies: [MigrationName],
        operations: [any MigrationOperation], isAtomic: Bool = true, file: String = ""
    ) {
        self.isAtomic = isAtomic
        self.file = file
        self.name = name
        self.replaces = replaces
        self.dependencies = dependencies
        self.operations = operations
    }

    /// The same migration with other dependencies.
    func depending(on dependencies: [MigrationName]) -> Migration {
        Migration(name: name, replaces: replaces, dependencies: dependencies, operations: operations)
    }
}

/// Collects the operations of a migration.
@resultBuilder
public enum MigrationBuilder {
    /// A line with one operation.
    public static func buildExpression(_ operation: any MigrationOperation) -> [any MigrationOperation] { [operation] }

    /// A line with a list of operations.
    public static func buildExpression(_ operations: [any MigrationOperation]) -> [any MigrationOperation] {
        operations
    }

    /// The operations of all lines, in order.
    public static func buildBlock(_ lines: [any MigrationOperation]...) -> [any MigrationOperation] {
        lines.flatMap { $0 }
    }
}
