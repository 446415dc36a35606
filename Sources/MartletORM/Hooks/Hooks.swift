/// What is to happen when rows are written; see ``Hook``.
///
/// A value that belongs to the site: `Site(apps: …, hooks: hooks, …)`; a database has it in its ``ModelRegistry``.
/// Nothing is registered while a program runs, so tests of two sites hear nothing of each other.
public struct Hooks: Sendable {
    /// What hears of a change of links.
    typealias LinkListener<Source: Model, Target: Model> =
        @Sendable (LinkChange<Source, Target>) async throws -> Void

    struct LinkListeners<Source: Model, Target: Model>: Sendable {
        var bodies: [LinkListener<Source, Target>]
    }

    private var byModel: [ObjectIdentifier: any Sendable] = [:]

    /// Makes hooks.
    public init(_ hooks: Hook...) {
        self.init(hooks)
    }

    /// Makes hooks of a list, such as those of several apps.
    public init(_ hooks: [Hook]) {
        for hook in hooks { hook.enter(&self) }
    }

    /// The hooks of a model; `nil` when it has none.
    func of<M: Model>(_ model: M.Type) -> ModelHooks<M>? {
        byModel.isEmpty ? nil : byModel[ObjectIdentifier(model)] as? ModelHooks<M>
    }

    /// Who hears of changes of a many-to-many relation.
    func links<Source: Model, Target: Model>(
        of model: Source.Type, _ property: String
    ) -> [LinkListener<Source, Target>] {
        (of(model)?.links[property] as? LinkListeners<Source, Target>)?.bodies ?? []
    }

    /// Whether somebody hears of deletes of a model.
    func hearsDeletes<M: Model>(of model: M.Type) -> Bool {
        guard let hooks = of(model) else { return false }
        return !hooks.beforeDelete.isEmpty || !hooks.afterDelete.isEmpty
    }

    mutating func change<M: Model>(_ model: M.Type, _ body: (inout ModelHooks<M>) -> Void) {
        var hooks = of(model) ?? ModelHooks<M>()
        body(&hooks)
        byModel[ObjectIdentifier(model)] = hooks
    }
}

/// The hooks of one model.
struct ModelHooks<M: Model>: Sendable {
    var beforeSave: [@Sendable (inout M, SaveEvent) async throws -> Void] = []
    var afterSave: [@Sendable (M, SaveEvent) async throws -> Void] = []
    var beforeDelete: [@Sendable (M, DeleteEvent) async throws -> Void] = []
    var afterDelete: [@Sendable (M, DeleteEvent) async throws -> Void] = []
    /// By property: ``Hooks/LinkListeners``.
    var links: [String: any Sendable] = [:]
}
