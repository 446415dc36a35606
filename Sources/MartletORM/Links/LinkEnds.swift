/// The end of a many-to-many relation at which a change of its links begins.
enum LinkEnd: Sendable {
    /// The model that declares the field.
    case source
    /// The model it leads to.
    case target
}

/// One row of a many-to-many relation, and others at its other end.
struct LinkEnds<Source: Model, Target: Model>: Sendable {
    let end: LinkEnd
    private(set) var sources: [Source.ID]
    private(set) var targets: [Target.ID]

    /// A row of the model that declares the field, and each of the others once.
    init(source: Source.ID, targets: [Target.ID]) {
        end = .source
        sources = [source]
        self.targets = targets.unique
    }

    /// A row of the model that the field leads to, and each of the others once.
    init(target: Target.ID, sources: [Source.ID]) {
        end = .target
        targets = [target]
        self.sources = sources.unique
    }

    /// The key of the one row.
    var owner: SQLValue { end == .source ? sources[0].sqlValue : targets[0].sqlValue }

    /// The keys of the others.
    var others: [SQLValue] { end == .source ? targets.map(\.sqlValue) : sources.map(\.sqlValue) }

    /// Whether there are no others.
    var isEmpty: Bool { end == .source ? targets.isEmpty : sources.isEmpty }

    /// The same row, with some of the others.
    func keeping(_ isKept: (SQLValue) -> Bool) -> Self {
        var copy = self
        switch end {
        case .source: copy.targets = targets.filter { isKept($0.sqlValue) }
        case .target: copy.sources = sources.filter { isKept($0.sqlValue) }
        }
        return copy
    }

    /// The same row, with others that a statement has found.
    ///
    /// - Parameter read: Reads the first column of the statement's rows.
    func reading(_ statements: [Statement], from database: Database) async throws -> Self {
        var copy = self
        switch end {
        case .source:
            copy.targets = []
            for statement in statements {
                copy.targets += try await database.rows(statement, access: .write) {
                    try Target.ID.decode(from: $0, at: 0)
                }
            }
            copy.targets = copy.targets.unique
        case .target:
            copy.sources = []
            for statement in statements {
                copy.sources += try await database.rows(statement, access: .write) {
                    try Source.ID.decode(from: $0, at: 0)
                }
            }
            copy.sources = copy.sources.unique
        }
        return copy
    }
}

extension Array where Element: Hashable {
    /// Each element once, where it first stands.
    fileprivate var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
