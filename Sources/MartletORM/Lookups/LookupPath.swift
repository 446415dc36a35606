/// Finds what a name such as `author__name__icontains` stands for, part by part.
struct LookupPath {
    /// The whole name, for messages.
    let name: String
    /// The parts that are left.
    private(set) var rest: ArraySlice<String>
    private var table: AnyTable
    private var relations: [Relation] = []

    /// A name longer than this is not read; in bytes.
    static let longestName = 500

    init(_ name: String, of table: AnyTable) throws(LookupError) {
        guard name.utf8.count <= Self.longestName else {
            throw LookupError(
                name, rule: "unknown", "A name of \(name.utf8.count) bytes is too long; no field has such a name.")
        }
        self.name = name
        self.table = table
        rest = name.split(separator: "__", omittingEmptySubsequences: false).map(String.init)[...]
    }

    /// The column that the first parts lead to; a relation at the end stands for the key of its row.
    mutating func column() throws(LookupError) -> LookupColumn {
        while let part = rest.first {
            if let field = field(part) {
                rest.removeFirst()
                return LookupColumn(ColumnPath(relations, field), table.storedKind(of: field), ordering: [])
            }
            guard let relation = relation(part) else {
                guard relations.isEmpty || Lookup(rawValue: part) == nil else { break }
                throw .unknown(name, part: part, of: "\(table.schema.name)", alternatives: alternatives)
            }
            rest.removeFirst()
            relations.append(relation)
            table = relation.target
        }
        let key = table.primaryKey
        let isKeyColumn = name.hasSuffix("_id")
        return LookupColumn(
            ColumnPath(relations, key), table.storedKind(of: key), ordering: isKeyColumn ? [] : targetOrdering)
    }

    /// The order of the rows that a relation leads to.
    private var targetOrdering: [OrderTerm] {
        table.ordering.compactMap { term in
            guard case .column(let path) = term.expression, path.relations.isEmpty else { return nil }
            return OrderTerm(
                expression: .column(ColumnPath(relations, path.field)), isDescending: term.isDescending,
                nulls: term.nulls)
        }
    }

    /// Takes the next part.
    mutating func next() -> String? { rest.popFirst() }

    /// A column of the table; a foreign key's by its own name too, as `author_id`.
    private func field(_ part: String) -> FieldSchema? {
        if part == "pk" { return table.primaryKey }
        let found = table.columns.first { $0.name == part }
        if let found, found.kind.target == nil { return found }
        return nil
    }

    private func relation(_ part: String) -> Relation? {
        if let relation = table.relations[part] { return relation }
        // `author_id` is the column of `author`; reading it as the key of the row at its end is the same column.
        if part.hasSuffix("_id"), let relation = table.relations[String(part.dropLast(3))], !relation.isMultiple {
            return relation
        }
        return inverses.first { $0.name == part }
    }

    /// The ways back from other models, by the names that their fields give them.
    private var inverses: [Relation] {
        let own = table.schema.name
        let tables = Database.ambient?.database.models.models.map { $0.anyTable } ?? []
        return tables.flatMap { $0.inverses.filter { $0.target == own }.map(\.relation) }
    }

    private var alternatives: [String] {
        let columns = table.columns.filter { $0.kind.target == nil }.map(\.name)
        let names = Set(columns + ["pk"] + table.relations.keys + inverses.map(\.name))
        return Array(names)
    }

    private func isLookup(_ part: String) -> Bool { Lookup(rawValue: part) != nil }
}

/// A column that a name leads to.
struct LookupColumn {
    let path: ColumnPath
    /// What it stores: for a reference, what it refers to.
    let kind: FieldKind
    /// Where the name ends at a relation, the order of the rows there.
    let ordering: [OrderTerm]

    init(_ path: ColumnPath, _ kind: FieldKind, ordering: [OrderTerm]) {
        self.path = path
        self.kind = kind
        self.ordering = ordering
    }
}

/// The way back over a relation, for the model at its end.
struct InverseRelation: Sendable {
    /// The model that the relation leads to.
    let target: ModelName
    let relation: Relation
}

extension Field {
    /// The way back, by the field's `relatedName`, or the model's name in lower case; none for a name with `+`.
    var inverse: InverseRelation? {
        guard let relation, let schema, let target = schema.kind.target else { return nil }
        let name = relatedName ?? M.modelName.name.lowercased()
        guard !name.hasSuffix("+") else { return nil }
        let back = Relation(
            name: name, isNullable: true, isMultiple: !schema.isUnique || relation.isMultiple,
            target: { M.anyTable },
            link: {
                switch relation.link {
                case .forward(let column): .reverse(column: column)
                case .through(let table, let here, let there): .through(table: table, here: there, there: here)
                case .reverse, nil: nil
                }
            })
        return InverseRelation(target: target, relation: back)
    }
}
