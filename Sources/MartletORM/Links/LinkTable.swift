/// The table of a many-to-many relation: writes which rows are linked.
///
/// What is linked already is not written. A change of several statements is a transaction, and holds the row it begins
/// at, so that two at once come one after the other.
final class LinkTable<Source: Model, Target: Model>: Sendable {
    typealias Ends = LinkEnds<Source, Target>

    private let relation: Relation
    private let property: String

    /// Whether a link leads both ways.
    private let isSymmetrical: Bool

    /// Inserts rows where the table is a model; `nil` for a table that the field itself makes.
    private let through: ExplicitLinks<Source, Target>?

    init(
        _ relation: Relation, property: String, isSymmetrical: Bool, through: ExplicitLinks<Source, Target>? = nil
    ) {
        self.relation = relation
        self.property = property
        self.isSymmetrical = isSymmetrical
        self.through = through
    }

    /// The names of the table and of its columns, that of the one row first.
    private struct Names {
        let table: String
        let here: String
        let there: String

        var reversed: Names { Names(table: table, here: there, there: here) }
    }

    private func names(_ end: LinkEnd) throws(ORMError) -> Names {
        try Source.anyTable.validate()
        try Target.anyTable.validate()
        guard case .through(let table, let here, let there) = try SQLCompiler.link(of: relation, in: Source.anyTable)
        else { throw .invalidQuery("'\(property)' of \(Source.self) is no many-to-many relation.") }
        let names = Names(table: table, here: here, there: there)
        return end == .source ? names : names.reversed
    }
}

// MARK: Changing

extension LinkTable {
    /// Links a row with others; those it is linked with already stay.
    ///
    /// - Parameter prepare: Completes the rows of a table that is a model: a ``LinkPreparation``.
    func add(_ ends: Ends, prepare: (any Sendable)? = nil) async throws {
        try await writing { try await add(ends, prepare, $0) }
    }

    private func add(_ ends: Ends, _ prepare: (any Sendable)?, _ database: Database) async throws {
        let names = try names(ends.end)
        if through == nil, prepare != nil {
            throw ORMError.invalidQuery(
                "The links of '\(property)' of \(Source.self) have no other columns. Leave the closure out.")
        }
        guard !ends.isEmpty else { return }
        // The table of a field refuses a link that is there already, so nobody needs to look.
        if through == nil, listeners(database).isEmpty {
            return try await insert(ends, names, database)
        }
        try await transaction {
            try await self.hold(ends, database)
            let known = Set(try await self.linked(ends, among: ends.others, names, database).others)
            let new = ends.keeping { !known.contains($0) }
            guard !new.isEmpty else { return }
            try await self.tell(.willAdd, new, database)
            if let through = self.through {
                try await through.insert(new, prepare, bothWays: self.isSymmetrical)
            } else {
                try await self.insert(new, names, database)
            }
            try await self.tell(.didAdd, new, database)
        }
    }

    /// Removes the links between a row and others.
    func remove(_ ends: Ends) async throws {
        let names = try names(ends.end)
        guard !ends.isEmpty else { return }
        try await writing { database in
            let statements = try ends.others.chunked(reserving: 1).flatMap { delete(ends, $0, names, database) }
            try await run(statements, .willRemove, .didRemove, ends, database)
        }
    }

    /// Removes all links of a row.
    func clear(_ ends: Ends) async throws {
        let names = try names(ends.end)
        try await writing { database in
            let statements = delete(ends, nil, names, database)
            try await run(statements, .willClear, .didClear, ends.keeping { _ in false }, database)
        }
    }

    /// Makes others the only rows that a row is linked with; what stays is not written.
    func set(_ ends: Ends, prepare: (any Sendable)? = nil) async throws {
        let names = try names(ends.end)
        try await writing { database in
            try await transaction {
                try await self.hold(ends, database)
                let known = try await self.linked(ends, among: nil, names, database)
                let wanted = Set(ends.others)
                let stays = Set(known.others)
                try await self.remove(known.keeping { !wanted.contains($0) })
                try await self.add(ends.keeping { !stays.contains($0) }, prepare: prepare)
            }
        }
    }

    /// Runs an operation with the database bound in which the links are: that of the model between, or else of the
    /// model with the field, as Django's router is asked.
    private func writing(_ operation: (Database) async throws -> Void) async throws {
        try await SelectQuery(through?.table() ?? Source.anyTable).bound(.write) { try await operation($0) }
    }
}

// MARK: Statements

extension LinkTable {
    private func insert(_ ends: Ends, _ names: Names, _ database: Database) async throws {
        let owner = ends.owner
        var rows = ends.others.map { [owner, $0] }
        if isSymmetrical { rows += ends.others.filter { $0 != owner }.map { [$0, owner] } }
        let statements = try rows.chunked(by: 2).map { chunk in
            SQLCompiler.insert(
                into: names.table, columns: [names.here, names.there], rows: chunk, ignoringConflicts: true,
                database.dialect)
        }
        try await run(statements, database)
    }

    private func delete(
        _ ends: Ends, _ others: [SQLValue]?, _ names: Names, _ database: Database
    ) -> [Statement] {
        (isSymmetrical ? [names, names.reversed] : [names]).map { names in
            var conditions = [(column: names.here, values: [ends.owner])]
            if let others { conditions.append((names.there, others)) }
            return SQLCompiler.deleteLinks(from: names.table, where: conditions, database.dialect)
        }
    }

    /// The rows that the row is linked with.
    private func linked(
        _ ends: Ends, among others: [SQLValue]?, _ names: Names, _ database: Database
    ) async throws -> Ends {
        let chunks: [[SQLValue]?] = try others?.chunked(reserving: 1) ?? [nil]
        let statements = chunks.map { chunk in
            var conditions = [(column: names.here, values: [ends.owner])]
            if let chunk { conditions.append((names.there, chunk)) }
            return SQLCompiler.selectLinks(names.there, from: names.table, where: conditions, database.dialect)
        }
        return try await ends.reading(statements, from: database)
    }

    /// Waits for others that change links of the row, and keeps them waiting until the transaction ends.
    private func hold(_ ends: Ends, _ database: Database) async throws {
        let table = ends.end == .source ? Source.anyTable : Target.anyTable
        guard let statement = SQLCompiler.hold(ends.owner, in: table, database.dialect) else { return }
        _ = try await database.rows(statement, access: .write) { _ in true }
    }

    private func run(_ statements: [Statement], _ database: Database) async throws {
        guard statements.count > 1 else {
            for statement in statements { try await database.execute(statement) }
            return
        }
        try await transaction { for statement in statements { try await database.execute(statement) } }
    }

    private func run(
        _ statements: [Statement], _ before: LinkAction, _ after: LinkAction, _ ends: Ends, _ database: Database
    ) async throws {
        guard !listeners(database).isEmpty else { return try await run(statements, database) }
        try await transaction {
            try await self.tell(before, ends, database)
            try await self.run(statements, database)
            try await self.tell(after, ends, database)
        }
    }

    // MARK: Hooks

    private func listeners(_ database: Database) -> [Hooks.LinkListener<Source, Target>] {
        database.models.hooks.links(of: Source.self, property)
    }

    private func tell(_ action: LinkAction, _ ends: Ends, _ database: Database) async throws {
        let listeners = listeners(database)
        guard !listeners.isEmpty else { return }
        let change = LinkChange<Source, Target>(
            action: action, isReversed: ends.end == .target, sources: ends.sources, targets: ends.targets)
        for listener in listeners { try await listener(change) }
    }
}
