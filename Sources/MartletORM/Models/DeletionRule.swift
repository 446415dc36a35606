/// What happens to a row when the row it refers to is deleted; carried out by the application, as in Django.
///
/// | rule | the row that refers |
/// | --- | --- |
/// | `.cascade` | is deleted too |
/// | `.protect` | forbids the delete |
/// | `.restrict` | forbids the delete, unless it is deleted by another way in the same delete |
/// | `.setNull` | loses its reference, which must be optional |
/// | `.setDefault` | refers to what the property's initial value refers to |
/// | `.set(id)`, `.set { … }` | refers to that row |
/// | `.doNothing` | stays; the database refuses the commit if its reference dangles |
///
/// Source: [Django, `on_delete`](https://docs.djangoproject.com/en/5.2/ref/models/fields/#django.db.models.ForeignKey.on_delete).
public struct DeletionRule<To: Model>: Sendable {
    /// The rule as migrations know it.
    let onDelete: OnDelete

    /// The reference that takes the place of the deleted one; only for `.set`.
    var replacement: (@Sendable () async throws -> To.ID?)?

    private init(_ onDelete: OnDelete) {
        self.onDelete = onDelete
    }

    /// Delete the row too.
    public static var cascade: Self { Self(.cascade) }

    /// Refuse to delete.
    public static var protect: Self { Self(.protect) }

    /// Refuse to delete, unless the row is deleted by another way in the same delete.
    public static var restrict: Self { Self(.restrict) }

    /// Clear the reference; the field must be optional.
    public static var setNull: Self { Self(.setNull) }

    /// Refer to what the property's initial value refers to; nothing, where that is `nil`.
    public static var setDefault: Self { Self(.setDefault) }

    /// Leave the row; the database refuses at commit if its reference dangles.
    public static var doNothing: Self { Self(.doNothing) }

    /// Refer to the row with this id.
    public static func set(_ id: To.ID) -> Self {
        set { id }
    }

    /// Refer to the row whose id the closure gives; it is asked once for each delete that needs it, and may query.
    public static func set(_ id: @escaping @Sendable () async throws -> To.ID?) -> Self {
        var rule = Self(.set)
        rule.replacement = id
        return rule
    }
}
