/// Values that middleware attaches to a request, found by a type that names them.
///
/// ```swift
/// enum CurrentUser: RequestStorageKey { typealias Value = User }
/// request.storage[CurrentUser.self] = user
/// ```
public struct RequestStorage: Sendable {
    private var values: [ObjectIdentifier: any Sendable] = [:]

    /// Makes an empty storage.
    public init() {}

    /// The value under a key; `nil` when none was set.
    public subscript<Key: RequestStorageKey>(_ key: Key.Type) -> Key.Value? {
        get { values[ObjectIdentifier(key)] as? Key.Value }
        set { values[ObjectIdentifier(key)] = newValue }
    }
}

/// A type that names a value in ``RequestStorage``.
public protocol RequestStorageKey {
    /// The type of the value.
    associatedtype Value: Sendable
}
