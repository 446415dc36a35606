import MartletMigrations
import MartletORM
import MartletSQLite
import Testing

/// Histories drawn at random, from a seed that the failure names.
struct HistoryTests {
    @Test(arguments: 1...20)
    func `a history of random changes goes back and forth and leaves the same tables`(seed: UInt64) async throws {
        var dice = Dice(state: seed)
        var models: [ModelSchema] = []
        var apps = ["a", "b"].map { Migrations(app: $0, []) }
        try await MigrationDatabase.with { place in
            var schemas: [[String]] = []
            var applied: [Set<MigrationName>] = []
            for _ in 0..<12 {
                dice.change(&models)
                let graph = try MigrationGraph(apps)
                let drafts = try await MigrationAutodetector(graph, schemas: models).changes { question in
                    question.read("x") ?? question.read("1") ?? question.read("now") ?? .newUUID
                }
                apps = apps.map { app in
                    Migrations(app: app.app, app.list + drafts.filter { $0.app == app.app }.map(\.migration))
                }
                let next = try MigrationGraph(apps)
                #expect(try await MigrationAutodetector(next, schemas: models).changes().isEmpty)
                try await MigrationExecutor(place.database, next).migrate()
                schemas.append(try await place.schema())
                applied.append(Set(next.order))
            }
            let graph = try MigrationGraph(apps)
            let executor = MigrationExecutor(place.database, graph)
            for index in schemas.indices.reversed().dropFirst() {
                for name in graph.order.reversed() where !applied[index].contains(name) {
                    guard
                        try await executor.status().flatMap(\.migrations).contains(where: {
                            $0.name == name && $0.applied != nil
                        })
                    else { continue }
                    try await executor.migrate(to: Self.before(name, in: graph))
                }
                #expect(try await place.schema() == schemas[index])
            }
            try await executor.migrate(to: .zero(app: "a"))
            try await executor.migrate(to: .zero(app: "b"))
            #expect(try await place.schema().isEmpty)
            try await executor.migrate()
            #expect(try await place.schema() == schemas.last)
        }
    }

    private static func before(_ name: MigrationName, in graph: MigrationGraph) -> MigrationTarget {
        let previous = graph.migration(name)?.dependencies.first { $0.app == name.app }
        return previous.map { .migration(app: $0.app, name: $0.name) } ?? .zero(app: name.app)
    }
}

/// Numbers that follow from a seed (SplitMix64), and changes of models drawn with them.
private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(sides))
    }

    /// One to three changes, and no reference to a model that is gone.
    mutating func change(_ models: inout [ModelSchema]) {
        for _ in 0...roll(3) {
            switch roll(8) {
            case 0, 1: addModel(&models)
            case 2 where models.count > 2: models.remove(at: roll(models.count))
            case 3, 4, 5: addField(&models)
            case 6: alterField(&models)
            default: removeField(&models)
            }
        }
        let names = models.map(\.name)
        for index in models.indices {
            models[index].fields.removeAll { field in field.kind.target.map { !names.contains($0) } ?? false }
            let fields = models[index].fields.filter(\.kind.hasColumn).map(\.name)
            models[index].indexes.removeAll { !$0.fields.allSatisfy(fields.contains) }
            models[index].uniqueTogether.removeAll { !$0.allSatisfy(fields.contains) }
        }
    }

    private mutating func addModel(_ models: inout [ModelSchema]) {
        let number = roll(6)
        let name = ModelName(app: ["a", "b"][roll(2)], name: "M\(number)")
        guard !models.contains(where: { $0.name == name }) else { return }
        // A model that goes and comes back in one step has the key it had.
        let key: FieldKind = [.auto, .uuid, .char(maxLength: 9)][number % 3]
        models.append(ModelSchema(name: name, fields: [.init("id", key, primaryKey: true), .init("x", .text)]))
    }

    private mutating func addField(_ models: inout [ModelSchema]) {
        guard !models.isEmpty else { return }
        let index = roll(models.count)
        let field = FieldSchema("f\(roll(6))", kind(models), null: roll(2) == 0, index: roll(3) == 0)
        guard models[index].field(field.name) == nil else { return }
        models[index].fields.append(field)
        guard field.kind.hasColumn else { return }
        if roll(3) == 0 {
            models[index].indexes.append(.init(name: "i_\(roll(1_000_000))", fields: [field.name, "id"]))
        }
        if roll(4) == 0 { models[index].uniqueTogether.append(["id", field.name]) }
    }

    private mutating func alterField(_ models: inout [ModelSchema]) {
        guard !models.isEmpty else { return }
        let index = roll(models.count)
        guard let place = models[index].fields.lastIndex(where: { !$0.isPrimaryKey && $0.kind.hasColumn }) else {
            return
        }
        models[index].fields[place].isNull.toggle()
        if roll(2) == 0 { models[index].fields[place].isUnique.toggle() }
    }

    private mutating func removeField(_ models: inout [ModelSchema]) {
        guard !models.isEmpty else { return }
        let index = roll(models.count)
        guard models[index].fields.count > 1 else { return }
        models[index].fields.remove(at: 1 + roll(models[index].fields.count - 1))
    }

    private mutating func kind(_ models: [ModelSchema]) -> FieldKind {
        let target = models[roll(models.count)].name
        switch roll(7) {
        case 0, 1: return .foreignKey(to: target, onDelete: .cascade)
        case 2: return .manyToMany(to: target)
        case 3: return .dateTime
        case 4: return .positiveInteger
        case 5: return .uuid
        default: return .char(maxLength: 5)
        }
    }
}
