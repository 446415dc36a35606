public import FoundationEssentials
import MartletCrypto
public import MartletORM
import MartletValues

/// Finds what is missing in the migrations: the difference between the models they describe and those there are.
///
/// ```swift
/// let drafts = try await MigrationAutodetector(graph, models: registry).changes()
/// ```
///
/// The same models and migrations give the same drafts.
public struct MigrationAutodetector: Sendable {
    let graph: MigrationGraph
    private let schemas: [ModelSchema]
    private let initialValue: @Sendable (ModelName, String) -> SQLValue?

    /// Makes an autodetector.
    ///
    /// - Parameters:
    ///   - graph: The migrations there are.
    ///   - models: The models of all apps.
    public init(_ graph: MigrationGraph, models: ModelRegistry) {
        self.init(graph, schemas: models.schemas) { models.model(named: $0)?.initialValue(of: $1) }
    }

    /// Makes an autodetector for models that are values.
    ///
    /// - Parameter initialValue: The value that a new model has in a field.
    package init(
        _ graph: MigrationGraph, schemas: [ModelSchema],
        initialValue: @escaping @Sendable (ModelName, String) -> SQLValue? = { _, _ in nil }
    ) {
        self.graph = graph
        self.schemas = schemas
        self.initialValue = initialValue
    }

    /// The migrations that are missing; none when models and migrations agree.
    ///
    /// - Parameters:
    ///   - apps: Only these apps, and what they depend on; `nil` for all.
    ///   - name: The name behind the number; told from the content unless given.
    ///   - now: The moment that stands in the names of migrations whose content tells nothing.
    ///   - renames: What is known to have been renamed.
    ///   - answer: Gives the value of existing rows where a field needs one and its property tells none.
    ///   - isRenamed: Says whether what goes and what comes, and looks the same, is one. Nothing is unless it says so.
    /// - Throws: ``MigrationError`` when an app is unknown, has several last migrations, or a model does not fit;
    ///   what `answer` throws.
    public func changes(
        apps: [String]? = nil, name: String? = nil, now: Date = .now, renames: [RenameRequest] = [],
        asking answer: DefaultQuestion.Answer = DefaultQuestion.refuse,
        renaming isRenamed: @escaping Rename.Answer = Rename.never
    ) async throws -> [MigrationDraft] {
        try graph.requireNoConflicts()
        if let name { try Self.check(name) }
        for app in apps ?? [] { try requireIndex(app) }
        let wanted = try wantedSchemas()
        let new = ProjectState(wanted)
        var renamed = RenameDetector(from: try graph.state(), to: new, requests: renames, asking: isRenamed)
        try await renamed.detect()
        var comparison = StateComparison(from: renamed.state, to: new)
        try comparison.compare()
        var packer = MigrationPacker(graph: graph)
        for detected in renamed.operations + comparison.operations { packer.add(detected) }
        var result: [MigrationDraft] = []
        for draft in trimmed(drafts(packer.packed, name: name, now: now), to: apps) {
            result.append(try await answered(draft, comparison, answer))
        }
        return result
    }

    /// The models of the apps that have an index of migrations; others are nobody's here, like a Django app's tables.
    private func wantedSchemas() throws(MigrationError) -> [ModelSchema] {
        var wanted: [ModelSchema] = []
        let proxied = Dictionary(
            schemas.compactMap { schema in schema.proxied.map { (schema.name, $0) } },
            uniquingKeysWith: { first, _ in first })
        for app in graph.apps {
            wanted += schemas.filter { $0.name.app == app.app && $0.proxied == nil }.map { $0.following(proxied) }
        }
        for model in wanted {
            for field in model.fields {
                guard let target = field.kind.target, !wanted.contains(where: { $0.name == target }) else { continue }
                throw MigrationError(
                    .unknown, "'\(model.name).\(field.name)' refers to '\(target)', which no app with migrations has.",
                    "List the model in the registry, and give its app an index: "
                        + "`Migrations(app: \"\(target.app)\", [])`.")
            }
        }
        return wanted
    }

    func requireIndex(_ app: String) throws(MigrationError) {
        if graph.apps.contains(where: { $0.app == app }) { return }
        guard schemas.contains(where: { $0.name.app == app }) else {
            _ = try graph.app(app)
            return
        }
        throw MigrationError(
            .unknown, "The app '\(app)' has models and no index of migrations.",
            "Write a file Migrations/Migrations.swift in its folder with "
                + "`let \(camelCased(app))Migrations = Migrations(app: \"\(app)\", [])`, and list it in the project.")
    }
}

// MARK: Defaults

extension MigrationAutodetector {
    private func answered(
        _ draft: MigrationDraft, _ comparison: StateComparison, _ answer: DefaultQuestion.Answer
    ) async throws -> MigrationDraft {
        var operations: [any MigrationOperation] = []
        for operation in draft.migration.operations {
            switch operation {
            case let add as AddField where add.field.needsValue && !comparison.isCreated(draft.app, add.model):
                let model = ModelName(app: draft.app, name: add.model)
                let fill = try await fill(add.field, of: model, wasNull: false, comparison, answer)
                operations.append(AddField(add.model, add.field, default: fill))
            case let alter as AlterField where comparison.stopsBeingNull(draft.app, alter):
                let model = ModelName(app: draft.app, name: alter.model)
                let fill = try await fill(alter.field, of: model, wasNull: true, comparison, answer)
                operations.append(AlterField(alter.model, alter.field, default: fill))
            default: operations.append(operation)
            }
        }
        let migration = draft.migration
        return MigrationDraft(
            app: draft.app,
            migration: Migration(
                name: migration.name, dependencies: migration.dependencies, operations: operations))
    }

    /// The initial value of the property, if it is a constant; else the answer to the question.
    private func fill(
        _ field: FieldSchema, of model: ModelName, wasNull: Bool, _ comparison: StateComparison,
        _ answer: DefaultQuestion.Answer
    ) async throws -> FieldDefault {
        let schema = comparison.new.model(model)
        let kind = try schema.map { (schema) throws(MigrationError) in
            try comparison.new.storedKind(of: field, in: schema)
        }
        // The choices, the lengths and the like of a field's own kind bound its values more than its column does.
        let stored = field.kind.target == nil ? field.kind : kind ?? field.kind
        if let constant = constant(field, of: model) { return constant }
        let question = DefaultQuestion(model: model, field: field, kind: stored, wasNull: wasNull)
        let fill = try await answer(question)
        guard fill.suits(stored) else {
            throw MigrationError(
                .defaultNeeded, "\(fill) is no value for '\(model).\(field.name)'.", "Answer with \(question.hint).")
        }
        return fill
    }

    /// One value cannot be given to several rows of a unique field; a UUID, a moment or a reference is no constant.
    private func constant(_ field: FieldSchema, of model: ModelName) -> FieldDefault? {
        guard !field.isUnique, field.kind.target == nil else { return nil }
        let initial = initialValue(model, field.name)
        let fill: FieldDefault? =
            switch initial {
            case .text(let text): .text(text)
            case .integer(let number): .integer(number)
            case .real(let number) where number.isFinite: .real(number)
            case .bool(let flag): .bool(flag)
            case .decimal(let number): .decimal("\(number)")
            case .duration(let duration): .duration(duration.clockText)
            case .json(let text): .json(text)
            case .bytes(let bytes): .binary(bytes.hexadecimal)
            default: nil
            }
        return fill.flatMap { $0.suits(field.kind) ? $0 : nil }
    }
}

// MARK: Names

extension MigrationAutodetector {
    private func drafts(_ packed: [MigrationPacker.Packed], name: String?, now: Date) -> [MigrationDraft] {
        var names: [MigrationName] = []
        var numbers: [String: Int] = [:]
        for migration in packed {
            let leaf = graph.leaves(of: migration.app).first
            let isFirst = leaf == nil && numbers[migration.app] == nil
            let number = (numbers[migration.app] ?? leaf?.number ?? 0) + 1
            numbers[migration.app] = number
            let suggested = Migration.suggestedName(for: migration.operations, stamp: Self.stamp(now))
            let text = name ?? (isFirst ? "initial" : suggested)
            names.append(MigrationName(app: migration.app, number: number, name: text))
        }
        return zip(packed, names).map { migration, name in
            // A new migration of an app comes after the app's last one, which then need not be named.
            let new = migration.needs.map { names[$0] }
            let existing = migration.dependencies.filter { name in !new.contains { $0.app == name.app } }
            let dependencies = existing.union(new)
            return MigrationDraft(
                app: name.app,
                migration: Migration(
                    name: name.name, dependencies: dependencies.sorted { $0.description < $1.description },
                    operations: migration.operations))
        }
    }

    /// The name becomes a file's and a property's.
    static func check(_ name: String) throws(MigrationError) {
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
            throw MigrationError(
                .file, "'\(name)' cannot be the name of a migration.", "Use letters, digits and underscores.")
        }
        // With a number in front and `.swift` behind it a file system takes it, and so does the history's column of 255.
        guard name.count <= 200 else {
            throw MigrationError(
                .file, "'\(name.prefix(40))…' cannot be the name of a migration.", "Use at most 200 letters.")
        }
    }

    /// `20260131_0905`, in UTC.
    static func stamp(_ date: Date) -> String {
        let digits = DateTimeText.string(from: date).filter { $0.isNumber }
        return "\(digits.prefix(8))_\(digits.dropFirst(8).prefix(4))"
    }

    /// The drafts of some apps, and those they depend on.
    private func trimmed(_ drafts: [MigrationDraft], to apps: [String]?) -> [MigrationDraft] {
        guard let apps else { return drafts }
        let byName = Dictionary(drafts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var wanted: Set<MigrationName> = []
        var open = drafts.filter { apps.contains($0.app) }.map(\.name)
        while let name = open.popLast() {
            guard let draft = byName[name], wanted.insert(name).inserted else { continue }
            open += draft.migration.dependencies
        }
        return drafts.filter { wanted.contains($0.name) }
    }
}
