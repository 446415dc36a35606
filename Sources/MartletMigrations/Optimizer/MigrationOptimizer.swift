/// Folds operations: what is created and changed at once is created as it ends up, and what goes again is left out.
///
/// ```swift
/// MigrationOptimizer.optimized([CreateModel("Tag", fields: […]), AddField("Tag", …)], app: "blog")
/// // one CreateModel with the field
/// ```
///
/// Two operations are folded when nothing between them has to do with the first, so it may move to the second, or
/// nothing has to do with the second, so it may move to the first.
///
/// Source: [Django, optimization of squashed migrations](https://docs.djangoproject.com/en/5.2/topics/migrations/#migration-squashing).
public enum MigrationOptimizer {
    /// The shortest list of operations that does the same.
    ///
    /// - Parameter app: The label of the app whose migration they are in.
    public static func optimized(
        _ operations: [any MigrationOperation], app: String
    ) -> [any MigrationOperation] {
        var operations = operations
        while let shorter = foldedOnce(operations, app: app) { operations = shorter }
        return operations
    }

    /// The list after the first fold that is possible; `nil` when none is.
    private static func foldedOnce(
        _ operations: [any MigrationOperation], app: String
    ) -> [any MigrationOperation]? {
        for (index, operation) in operations.enumerated() {
            if let folded = folded(operation, at: index, in: operations, app: app) {
                return operations[..<index] + folded
            }
        }
        return nil
    }

    /// What follows from folding an operation with a later one: it, what lies between, and all behind.
    private static func folded(
        _ operation: any MigrationOperation, at index: Int, in operations: [any MigrationOperation], app: String
    ) -> [any MigrationOperation]? {
        var movesRight = true
        for later in operations.indices[(index + 1)...] {
            let other = operations[later]
            switch reduction(of: operation, with: other, app: app) {
            case .passes: continue
            case .blocked: movesRight = false
            case .folded(let result):
                let between = operations[(index + 1)..<later]
                let rest = operations[(later + 1)...]
                if movesRight { return between + result + rest }
                let movesLeft = between.allSatisfy { reduction(of: $0, with: other, app: app).passes }
                return movesLeft ? result + between + rest : nil
            }
        }
        return nil
    }
}

/// What becomes of two operations, one directly behind the other.
enum OperationReduction {
    /// These do the same.
    case folded([any MigrationOperation])
    /// Nothing; but they may change places.
    case passes
    /// Nothing, and they may not change places.
    case blocked

    /// Whether the two may change places.
    var passes: Bool {
        if case .passes = self { true } else { false }
    }
}
