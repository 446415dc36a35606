@_spi(Reflection) import Swift

extension Field {
    /// A line that a protocol gives to every model that satisfies it: Django's abstract base.
    ///
    /// ```swift
    /// protocol Timestamped: Model {
    ///     var createdAt: Date { get set }
    ///     var updatedAt: Date { get set }
    /// }
    ///
    /// extension Timestamped {
    ///     static var timestamps: [Field<Self>] {
    ///         [
    ///             .shared(\.createdAt, "createdAt") { .dateTime($0, autoNowAdd: true) },
    ///             .shared(\.updatedAt, "updatedAt") { .dateTime($0, autoNow: true) },
    ///         ]
    ///     }
    /// }
    ///
    /// static let table = Table<Post>(.uuid(\.id, primaryKey: true), fields: timestamps)
    /// ```
    ///
    /// A query set of any such model can be refined: `extension QuerySet where M: Timestamped { … }`.
    ///
    /// - Parameters:
    ///   - requirement: The protocol's property.
    ///   - name: Its name: a protocol's key path leads to a getter, which does not tell where a struct stores the value.
    ///   - line: Makes the line from the key path of the stored property.
    public static func shared<V>(
        _ requirement: any WritableKeyPath<M, V> & Sendable, _ name: String,
        _ line: (any WritableKeyPath<M, V> & Sendable) -> Field
    ) -> Field {
        guard let property = storedProperty(name, of: V.self) else {
            var field = line(requirement)
            field.problem =
                "A protocol shares the field '\(name)', and \(M.self) has no stored property of that name and of type "
                + "\(V.self). Add it, or correct the name in the protocol's line."
            return field
        }
        var field = line(property)
        field.aliases.append(requirement)
        return field
    }

    private static func storedProperty<V>(_ name: String, of type: V.Type) -> (any WritableKeyPath<M, V> & Sendable)? {
        var found: WritableKeyPath<M, V>?
        // Swift offers no other way from a property's name to where it is stored.
        // Properties of a kind that has no key path are passed over: `ignoreUnknown`, which Swift keeps in a variable.
        _ = _forEachFieldWithKeyPath(of: M.self, options: _EachFieldOptions(rawValue: 2)) { label, keyPath in
            if String(cString: label) == name { found = keyPath as? WritableKeyPath<M, V> }
            return found == nil
        }
        // A key path of stored properties captures nothing that could be shared; only its type does not say so.
        return found.map { unsafeBitCast($0, to: (any WritableKeyPath<M, V> & Sendable).self) }
    }
}
