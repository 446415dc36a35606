/// A model whose rows are known by values that mean something, such as a slug, and not only by their keys.
///
/// ```swift
/// extension Tag: NaturallyKeyed {
///     static var naturalKey: [any PartialKeyPath<Tag> & Sendable] { [\.name] }
/// }
/// ```
///
/// Fixtures may then say `["swift"]` where they would have a key, and `manage dumpdata --natural-foreign` writes so: what
/// has another key in another database is found all the same.
///
/// Source: [Django, natural keys](https://docs.djangoproject.com/en/5.2/topics/serialization/#natural-keys).
public protocol NaturallyKeyed: Model {
    /// The properties whose values together identify a row. A foreign key among them stands for the natural key of the
    /// row it refers to.
    static var naturalKey: [any PartialKeyPath<Self> & Sendable] { get }
}

extension NaturallyKeyed {
    /// The names of the fields, in snake_case.
    package static var naturalKeyFields: [String] { naturalKey.map { fieldName($0) } }
}
