/// The name of a relation field, for messages.
final class RelationLabel: Sendable {
    let model: String
    let property: String

    init(model: String, property: String) {
        self.model = model
        self.property = property
    }

    /// The error for a relation that no query has loaded.
    static func notLoaded(_ label: RelationLabel?, _ method: String, target: any Any.Type) -> ORMError {
        let relation = label.map { "\($0.model).\($0.property)" } ?? "the relation to \(target)"
        let property = label?.property ?? "…"
        return .notLoaded(relation: relation, remedy: "`.\(method) { $0.\(property) }`")
    }
}

/// Holds a loaded row outside the struct that refers to it, which could not contain itself.
final class Loaded<Value: Sendable>: Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}

/// A reference to one row of another model.
///
/// ```swift
/// var author = ForeignKey<User>()      // required
/// var editor: ForeignKey<User>?        // may be null
/// ```
///
/// The id is always at hand; the row itself only after `selectRelated` or `prefetch`. Reading never queries.
public struct ForeignKey<To: Model>: Sendable {
    /// The id of the row; `nil` while none is set.
    public private(set) var id: To.ID?

    private var holder: Loaded<To>?
    var label: RelationLabel?

    /// The row, if it is at hand.
    var row: To? { holder?.value }

    /// Makes a reference to nothing, to be set before the row is saved.
    public init() {}

    /// Makes a reference to a row.
    public init(_ row: To) {
        id = row.id
        holder = Loaded(row)
    }

    /// Makes a reference by id.
    public init(id: To.ID) {
        self.id = id
    }

    init(id: To.ID?, label: RelationLabel?) {
        self.id = id
        self.label = label
    }

    init(loaded row: To, label: RelationLabel?) {
        self.init(row)
        self.label = label
    }

    /// Whether the row is at hand.
    public var isLoaded: Bool { holder != nil }

    /// The row.
    ///
    /// - Throws: ``ORMError/notLoaded(relation:remedy:)`` when the query did not load it.
    public var loaded: To {
        get throws(ORMError) {
            guard let holder else { throw RelationLabel.notLoaded(label, "selectRelated", target: To.self) }
            return holder.value
        }
    }
}

/// References to many rows of another model, kept in a table between the two.
///
/// The rows are at hand only after `prefetch`. Change them by `add(_:to:)` and its like on the saved model.
public struct ManyToMany<To: Model>: Sendable {
    private var rows: Loaded<[To]>?
    var label: RelationLabel?

    /// Makes a relation that is not loaded.
    public init() {}

    init(loaded rows: [To], label: RelationLabel?) {
        self.rows = Loaded(rows)
        self.label = label
    }

    /// Whether the rows are at hand.
    public var isLoaded: Bool { rows != nil }

    /// The rows.
    ///
    /// - Throws: ``ORMError/notLoaded(relation:remedy:)`` when the query did not load them.
    public var loaded: [To] {
        get throws(ORMError) {
            guard let rows else { throw RelationLabel.notLoaded(label, "prefetch", target: To.self) }
            return rows.value
        }
    }
}

/// The rows of another model that refer to this one.
///
/// The rows are at hand only after `prefetch`.
public struct Related<From: Model>: Sendable {
    private var rows: Loaded<[From]>?
    var label: RelationLabel?

    /// Makes a relation that is not loaded.
    public init() {}

    init(loaded rows: [From], label: RelationLabel?) {
        self.rows = Loaded(rows)
        self.label = label
    }

    /// Whether the rows are at hand.
    public var isLoaded: Bool { rows != nil }

    /// The rows.
    ///
    /// - Throws: ``ORMError/notLoaded(relation:remedy:)`` when the query did not load them.
    public var loaded: [From] {
        get throws(ORMError) {
            guard let rows else { throw RelationLabel.notLoaded(label, "prefetch", target: From.self) }
            return rows.value
        }
    }
}

/// The one row of another model that refers to this one by a one-to-one field, or none.
///
/// ```swift
/// var profile = RelatedOne<Profile>()      // in User; the table's line: .reverse(\.profile, through: \.user)
/// let name = try user.profile.loaded?.name
/// ```
///
/// The row is at hand only after `selectRelated` or `prefetch`.
public struct RelatedOne<From: Model>: Sendable {
    private var row: Loaded<From?>?
    var label: RelationLabel?

    /// Makes a relation that is not loaded.
    public init() {}

    init(loaded row: From?, label: RelationLabel?) {
        self.row = Loaded(row)
        self.label = label
    }

    /// Whether it is known which row there is.
    public var isLoaded: Bool { row != nil }

    /// The row; `nil` when none refers to this one.
    ///
    /// - Throws: ``ORMError/notLoaded(relation:remedy:)`` when the query did not load it.
    public var loaded: From? {
        get throws(ORMError) {
            guard let row else { throw RelationLabel.notLoaded(label, "selectRelated", target: From.self) }
            return row.value
        }
    }
}

/// A foreign key that no two rows have the same of.
///
/// ```swift
/// var user = OneToOne<User>()          // the table's line: .oneToOne(\.user, onDelete: .cascade)
/// ```
///
/// The other side is a ``RelatedOne``.
public typealias OneToOne<To: Model> = ForeignKey<To>

/// A foreign key, or an optional one.
public protocol Reference: Sendable {
    /// The model it refers to.
    associatedtype Target: Model

    /// The id of the row; `nil` while none is set.
    var targetID: Target.ID? { get }

    /// A reference to a row.
    static func referring(to id: Target.ID) -> Self
}

extension ForeignKey: Reference {
    /// The model it refers to.
    public typealias Target = To

    /// The id of the row.
    public var targetID: To.ID? { id }

    /// A reference by id.
    public static func referring(to id: To.ID) -> Self { Self(id: id) }
}

extension Optional: Reference where Wrapped: Reference {
    /// The model it refers to.
    public typealias Target = Wrapped.Target

    /// The id of the row; `nil` without a reference.
    public var targetID: Wrapped.Target.ID? { self?.targetID }

    /// A reference by id.
    public static func referring(to id: Wrapped.Target.ID) -> Self { Wrapped.referring(to: id) }
}
