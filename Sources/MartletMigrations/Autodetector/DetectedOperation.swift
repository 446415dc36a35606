import MartletORM

/// An operation that was found to be missing, and what must come before it.
struct DetectedOperation {
    let app: String
    let operation: any MigrationOperation
    /// The model it creates.
    var creates: ModelName?
    /// The model it deletes.
    var deletes: ModelName?
    /// The models to which it removes a reference.
    var releases: [ModelName] = []

    init(_ app: String, _ operation: any MigrationOperation) {
        self.app = app
        self.operation = operation
    }
}

/// Deals operations, which stand in an order that works, out to migrations of their apps.
///
/// A migration depends on whole migrations. Where that would make two of them wait for each other, the later
/// operation begins a new migration.
struct MigrationPacker {
    struct Packed {
        let app: String
        var operations: [any MigrationOperation] = []
        /// Positions of packed migrations it depends on.
        var needs: Set<Int> = []
        /// Existing migrations it depends on.
        var dependencies: Set<MigrationName> = []
    }

    private(set) var packed: [Packed] = []
    private var current: [String: Int] = [:]
    private var creators: [ModelName: Int] = [:]
    private var releasers: [ModelName: Set<Int>] = [:]
    private let graph: MigrationGraph

    init(graph: MigrationGraph) {
        self.graph = graph
    }

    mutating func add(_ detected: DetectedOperation) {
        let (needs, dependencies) = requirements(of: detected)
        var index = current[detected.app] ?? open(detected.app)
        if needs.contains(where: { $0 != index && reaches($0, index) }) { index = open(detected.app) }
        packed[index].operations.append(detected.operation)
        packed[index].needs.formUnion(needs.subtracting([index]))
        packed[index].dependencies.formUnion(dependencies)
        if let model = detected.creates { creators[model] = index }
        for model in detected.releases { releasers[model, default: []].insert(index) }
    }

    private func requirements(of detected: DetectedOperation) -> (needs: Set<Int>, existing: Set<MigrationName>) {
        var needs: Set<Int> = []
        var existing: Set<MigrationName> = []
        for target in detected.operation.targets where target.app != detected.app {
            if let creator = creators[target] {
                needs.insert(creator)
            } else {
                existing.formUnion(graph.leaves(of: target.app))
            }
        }
        if let model = detected.deletes {
            needs.formUnion(releasers[model] ?? [])
            for app in graph.apps where app.app != detected.app && app.refers(to: model) {
                existing.formUnion(graph.leaves(of: app.app))
            }
        }
        return (needs, existing)
    }

    private mutating func open(_ app: String) -> Int {
        var new = Packed(app: app)
        if let last = current[app] {
            new.needs.insert(last)
        } else {
            new.dependencies.formUnion(graph.leaves(of: app))
        }
        packed.append(new)
        current[app] = packed.count - 1
        return packed.count - 1
    }

    /// Whether one packed migration depends on another, directly or not.
    private func reaches(_ start: Int, _ end: Int) -> Bool {
        var open = [start]
        var seen: Set<Int> = []
        while let index = open.popLast() {
            if index == end { return true }
            guard seen.insert(index).inserted else { continue }
            open += packed[index].needs
        }
        return false
    }
}

extension Migrations {
    /// Whether some migration of the app ever made a model refer to another.
    func refers(to model: ModelName) -> Bool {
        list.contains { $0.operations.contains { $0.targets.contains(model) } }
    }
}
