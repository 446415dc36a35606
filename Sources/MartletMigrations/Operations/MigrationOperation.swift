public import MartletORM

/// One change that a migration makes.
///
/// An operation says how the models change; the tables follow from the models before and after.
public protocol MigrationOperation: Sendable, CustomStringConvertible {
    /// The part of a migration's name that tells this operation, such as `post_excerpt`; `nil` when nothing tells it.
    var nameFragment: String? { get }

    /// The models that this operation makes others refer to.
    var targets: [ModelName] { get }

    /// Whether the database refuses it inside of a transaction, so that its migration says `atomic: false`.
    var runsOutsideTransactions: Bool { get }

    /// Whether `squashmigrations` may leave it out, as it concerned rows that a new database has not.
    var isElidable: Bool { get }

    /// Changes the models.
    ///
    /// - Parameter app: The label of the migration's app.
    /// - Throws: ``MigrationError`` when the operation does not fit the models.
    func apply(to state: inout ProjectState, app: String) throws(MigrationError)

    /// What the states do not tell, on the way forwards.
    func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints

    /// What the states do not tell, on the way back from `after` to `before`.
    func backwardHints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints

    /// Statements of the operation's own, run after those for the tables.
    func statements() -> [String]

    /// Statements of the operation's own, run before those for the tables when it is undone.
    ///
    /// - Returns: `nil` when it cannot be undone.
    func backwardStatements() -> [String]?
}

extension MigrationOperation {
    /// No model.
    public var targets: [ModelName] { [] }

    /// It may be part of a transaction.
    public var runsOutsideTransactions: Bool { false }

    /// It may not be left out.
    public var isElidable: Bool { false }

    /// Nothing to add.
    public func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints { SchemaHints() }

    /// What was renamed, the other way round.
    public func backwardHints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        hints(before: before, after: after, app: app).reversed
    }

    /// No statements.
    public func statements() -> [String] { [] }

    /// No statements.
    public func backwardStatements() -> [String]? { [] }
}

extension MigrationOperation {
    /// The steps forwards.
    func steps(
        from before: ProjectState, to after: ProjectState, app: String, editor: any SchemaEditor,
        in scope: MigrationScope
    ) throws(MigrationError) -> [SchemaStep] {
        let (before, after) = (scope.visible(before), scope.visible(after))
        let hints = hints(before: before, after: after, app: app)
        let steps = try SchemaDifference.steps(from: before, to: after, hints: hints, editor: editor)
        let own = scope.runsStatements(of: app) ? statements() : []
        return own.isEmpty ? steps : steps + [SchemaStep(own, runsAlone: true)]
    }

    /// The steps back from `after` to `before`; `nil` when there is no way back.
    func backwardSteps(
        from after: ProjectState, to before: ProjectState, app: String, editor: any SchemaEditor,
        in scope: MigrationScope
    ) throws(MigrationError) -> [SchemaStep]? {
        guard var own = backwardStatements() else { return nil }
        if !scope.runsStatements(of: app) { own = [] }
        let (before, after) = (scope.visible(before), scope.visible(after))
        let hints = backwardHints(before: before, after: after, app: app)
        let steps = try SchemaDifference.steps(from: after, to: before, hints: hints, editor: editor)
        return own.isEmpty ? steps : [SchemaStep(own, runsAlone: true)] + steps
    }
}

extension SchemaHints {
    /// Hints that give rows a value in one field.
    static func filling(_ field: String, of model: ModelSchema?, with fill: FieldDefault?) -> SchemaHints {
        var hints = SchemaHints()
        if let model, let column = model.field(field)?.column, let fill { hints.fills[model.table] = [column: fill] }
        return hints
    }
}

extension FieldKind {
    /// The value that stands for nothing in a required field that comes back; `nil` for kinds that have none.
    var emptyDefault: FieldDefault? {
        switch self {
        case .char, .text, .slug, .email, .url, .file, .image, .filePath: .text("")
        case .smallInteger, .positiveSmallInteger, .positiveBigInteger: .integer(0)
        case .decimal: .decimal("0")
        case .duration: .duration("00:00:00")
        case .binary: .binary("")
        case .date, .time, .json, .shortUUID, .ipAddress: nil
        case .checkedChoices(let choices, _): choices.first.map(FieldDefault.text)
        case .integerChoices(let choices), .checkedIntegerChoices(let choices):
            choices.first.map { .integer(Int64($0)) }
        case .choices(let choices, _): choices.first.map(FieldDefault.text)
        case .bool: .bool(false)
        case .integer, .bigInteger, .positiveInteger: .integer(0)
        case .float: .real(0)
        case .array: .text("{}")
        case .range: .text("empty")
        case .searchVector: .text("")
        case .auto, .dateTime, .uuid, .foreignKey, .manyToMany, .manyToManyThrough: nil
        }
    }
}

extension FieldSchema {
    /// Whether existing rows need a value when this field is added, or when it stops being null.
    var needsValue: Bool { kind.hasColumn && !isNull && databaseDefault == nil && generated == nil }
}
