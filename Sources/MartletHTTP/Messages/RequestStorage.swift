/// Values that middleware attaches to a request, found by a type that names them.
///
/// ```swift
/// enum CurrentUser: RequestStorageKey { typealias Value = User }
/// request.storage[CurrentUser.self] = user
/// ```
///
/// A request has a handful of them, so they are a list that is walked: cheaper than a dictionary to make, to copy and
/// to search. A value that is set joins the front and the rest stays shared with other copies of the request.
public struct RequestStorage: Sendable {
    @usableFromInline var first: Entry?

    /// Makes an empty storage.
    public init() {}

    /// The value under a key; `nil` when none was set.
    @inlinable public subscript<Key: RequestStorageKey>(_ key: Key.Type) -> Key.Value? {
        get {
            let wanted = ObjectIdentifier(key)
            var next = first
            while let entry = next {
                // Only this subscript makes entries, and under a key always one of the key's own type.
                if entry.key == wanted { return unsafeDowncast(entry, to: ValueEntry<Key.Value>.self).value }
                next = entry.next
            }
            return nil
        }
        set {
            let wanted = ObjectIdentifier(key)
            if contains(wanted) { first = first?.without(wanted) }
            if let newValue { first = ValueEntry(key: wanted, value: newValue, next: first) }
        }
    }

    @usableFromInline func contains(_ key: ObjectIdentifier) -> Bool {
        var next = first
        while let entry = next {
            if entry.key == key { return true }
            next = entry.next
        }
        return false
    }

    /// One value of the list.
    @usableFromInline class Entry: @unchecked Sendable {  // Its properties and those of its one subclass are constants.
        @usableFromInline let key: ObjectIdentifier
        @usableFromInline let next: Entry?

        @usableFromInline init(key: ObjectIdentifier, next: Entry?) {
            self.key = key
            self.next = next
        }

        /// The list from here on without a key.
        @usableFromInline final func without(_ unwanted: ObjectIdentifier) -> Entry? {
            key == unwanted ? next : copy(before: next?.without(unwanted))
        }

        /// This value at the front of another list.
        @usableFromInline func copy(before next: Entry?) -> Entry { Entry(key: key, next: next) }

        /// The value, where an answer's scope depends on it.
        var scopedContent: (any ScopedContent)? { nil }
    }

    @usableFromInline final class ValueEntry<Value: Sendable>: Entry, @unchecked Sendable {  // As above.
        @usableFromInline let value: Value

        @usableFromInline init(key: ObjectIdentifier, value: Value, next: Entry?) {
            self.value = value
            super.init(key: key, next: next)
        }

        @usableFromInline override func copy(before next: Entry?) -> Entry {
            ValueEntry(key: key, value: value, next: next)
        }

        override var scopedContent: (any ScopedContent)? { value as? any ScopedContent }
    }
}

/// A type that names a value in ``RequestStorage``.
public protocol RequestStorageKey {
    /// The type of the value.
    associatedtype Value: Sendable
}
