/// A model that holds the links of a many-to-many relation: makes its rows.
struct ExplicitLinks<Source: Model, Target: Model>: Sendable {
    private let make:
        @Sendable (LinkEnds<Source, Target>, _ prepare: (any Sendable)?, _ bothWays: Bool) async throws -> Void

    /// The model's table, which is not asked for before it is needed: two may refer to each other.
    let table: @Sendable () -> AnyTable

    init<Through: Model, Here: Reference, There: Reference>(
        here: any WritableKeyPath<Through, Here> & Sendable, there: any WritableKeyPath<Through, There> & Sendable
    ) where Here.Target == Source, There.Target == Target {
        table = { Through.anyTable }
        make = { ends, prepare, bothWays in
            guard prepare == nil || prepare is LinkPreparation<Through> else {
                throw ORMError.invalidQuery(
                    "These links are rows of \(Through.self). Let the closure take `(link: inout \(Through.self))`.")
            }
            func link(_ source: Source.ID, _ target: Target.ID) -> Through {
                var link = Through()
                (prepare as? LinkPreparation<Through>)?.body(&link)
                link[keyPath: here] = .referring(to: source)
                link[keyPath: there] = .referring(to: target)
                return link
            }
            var links: [Through] = []
            for source in ends.sources {
                for target in ends.targets {
                    links.append(link(source, target))
                    // Both ends are rows of one model, so each can stand at the other's place.
                    guard bothWays, let source = source as? Target.ID, let target = target as? Source.ID else {
                        continue
                    }
                    if source.sqlValue != target.sqlValue { links.append(link(target, source)) }
                }
            }
            try await Through.objects.createMany(links)
        }
    }

    /// Inserts a row for each link.
    ///
    /// - Parameters:
    ///   - prepare: A ``LinkPreparation`` of the model.
    ///   - bothWays: Whether each link gets a second row, in which the ends have changed places.
    func insert(_ ends: LinkEnds<Source, Target>, _ prepare: (any Sendable)?, bothWays: Bool) async throws {
        try await make(ends, prepare, bothWays)
    }
}

/// Completes the rows of a model that holds links.
struct LinkPreparation<Through: Model>: Sendable {
    let body: @Sendable (inout Through) -> Void
}
