import MartletORM

/// Finds what goes on under another name: a model or field that goes, and one that comes and looks the same.
struct RenameDetector {
    /// The old models, with all that was renamed under its new name.
    private(set) var state: ProjectState
    private(set) var operations: [DetectedOperation] = []

    private let new: ProjectState
    private let requests: [RenameRequest]
    private let answer: Rename.Answer
    private var fulfilled: Set<RenameRequest> = []
    /// The names that renamed models had, by those that they have.
    private var formerly: [ModelName: ModelName] = [:]

    init(
        from old: ProjectState, to new: ProjectState, requests: [RenameRequest], asking answer: @escaping Rename.Answer
    ) {
        state = old
        self.new = new
        self.requests = requests
        self.answer = answer
    }

    /// Finds renamed models first, so that their fields are compared with those that they had.
    mutating func detect() async throws {
        try await detectModels()
        for model in new.models { try await detectFields(of: model) }
        if let left = requests.first(where: { !fulfilled.contains($0) }) {
            throw MigrationError(
                .renameUnclear, "`--rename \(left.text)` fits nothing that goes and nothing that comes.",
                "The old name must be one that only the migrations know, the new one one that only the models know. "
                    + whatGoesAndComes)
        }
    }

    private mutating func detectModels() async throws {
        for model in new.models where state.model(model.name) == nil {
            for old in state.models where old.name.app == model.name.app && new.model(old.name) == nil {
                let rename = Rename(model: old.name, field: nil, newName: model.name.name)
                guard try await isWanted(rename, looksSame: old.looksLike(model)) else { continue }
                try state.rename(old.name, to: model.name)
                formerly[model.name] = old.name
                var detected = DetectedOperation(model.name.app, RenameModel(old.name.name, to: model.name.name))
                // Models of other apps that refer to it must do so before it is renamed.
                detected.deletes = old.name
                detected.creates = model.name
                operations.append(detected)
                break
            }
        }
    }

    private mutating func detectFields(of model: ModelSchema) async throws {
        guard let known = state.model(model.name) else { return }
        for field in model.fields where known.field(field.name) == nil {
            for old in state.model(model.name)?.fields ?? [] where model.field(old.name) == nil {
                let rename = Rename(model: model.name, field: old.name, newName: field.name)
                guard try await isWanted(rename, looksSame: old.looksLike(field)) else { continue }
                let operation = RenameField(model.name.name, old.name, to: field.name)
                try operation.apply(to: &state, app: model.name.app)
                operations.append(DetectedOperation(model.name.app, operation))
                break
            }
        }
    }

    private mutating func isWanted(_ rename: Rename, looksSame: Bool) async throws -> Bool {
        let meant = requests.filter { $0.means(rename, formerly: formerly[rename.model]) }
        if !meant.isEmpty {
            fulfilled.formUnion(meant)
            return true
        }
        return looksSame ? try await answer(rename) : false
    }

    private var whatGoesAndComes: String {
        let gone = state.models.filter { new.model($0.name) == nil }.map { "\($0.name)" }
        let come = new.models.filter { state.model($0.name) == nil }.map { "\($0.name)" }
        let pairs = new.models.compactMap { model in state.model(model.name).map { ($0, model) } }
        func fields(_ one: ModelSchema, not other: ModelSchema) -> [String] {
            one.fields.filter { other.field($0.name) == nil }.map { "\(one.name).\($0.name)" }
        }
        func list(_ names: [String]) -> String { names.isEmpty ? "nothing" : names.joined(separator: ", ") }
        return "Going: \(list(gone + pairs.flatMap { fields($0.0, not: $0.1) })). "
            + "Coming: \(list(come + pairs.flatMap { fields($0.1, not: $0.0) }))."
    }
}

extension ModelSchema {
    /// Whether two models have the same fields, whatever these are called and refer to.
    ///
    /// Source: Django's autodetector compares models this way, with their fields in the order of the names.
    fileprivate func looksLike(_ other: ModelSchema) -> Bool {
        func counted(_ model: ModelSchema) -> [FieldSchema: Int] {
            Dictionary(model.fields.map { ($0.withoutNames, 1) }, uniquingKeysWith: +)
        }
        return counted(self) == counted(other)
    }
}

extension FieldSchema {
    /// Whether two fields of a model store the same in the same way; a column that keeps its name does.
    fileprivate func looksLike(_ other: FieldSchema) -> Bool {
        var (mine, others) = (self, other)
        guard (column == other.column) || (hasUsualColumn && other.hasUsualColumn) else { return false }
        mine.name = ""
        others.name = ""
        mine.column = ""
        others.column = ""
        return mine == others
    }

    private var hasUsualColumn: Bool { column == FieldSchema(name, kind).column }

    /// The field without what a rename of it, or of what it refers to, would change.
    fileprivate var withoutNames: FieldSchema {
        var field = self
        field.column = hasUsualColumn ? "" : column
        field.name = ""
        let anyModel = ModelName(app: "", name: "")
        if let target = kind.target { field.kind = kind.renaming(target, to: anyModel) }
        if case .manyToManyThrough(_, let through) = kind { field.kind = field.kind.renaming(through, to: anyModel) }
        return field
    }
}
