/// What a hook is told of a save.
public struct SaveEvent: Sendable, Hashable {
    /// After the save: whether the row was inserted. Before it: whether it certainly will be; a row with an id of its own
    /// is first looked for.
    public let isNew: Bool

    /// The names of the properties that are written; `nil` for all.
    public let fields: [String]?
}

/// What a hook is told of a delete.
public struct DeleteEvent: Sendable, Hashable {
    /// The model whose rows the delete was asked for; another than the row's own in a cascade.
    public let origin: ModelName
}

/// What happens to the links of a many-to-many relation.
public enum LinkAction: Sendable, Hashable {
    /// Links are about to be added.
    case willAdd
    /// Links were added.
    case didAdd
    /// Links are about to be removed.
    case willRemove
    /// Links were removed.
    case didRemove
    /// All links of a row are about to be removed.
    case willClear
    /// All links of a row were removed.
    case didClear
}

/// A change of the links of a many-to-many relation.
///
/// One row is linked with others; on which side it stands says ``isReversed``. Only what really changes is told: a link
/// that is there already is not added.
public struct LinkChange<Source: Model, Target: Model>: Sendable {
    /// What happens.
    public let action: LinkAction

    /// Whether the change was asked for at the model that the relation leads to: `tag.add([post], to: \.posts)`.
    public let isReversed: Bool

    /// The ids of the model that declares the relation. One unless ``isReversed``; when all links of a row of the other
    /// side are removed, none.
    public let sources: [Source.ID]

    /// The ids of the model that the relation leads to. When all links of a row are removed, none.
    public let targets: [Target.ID]
}
