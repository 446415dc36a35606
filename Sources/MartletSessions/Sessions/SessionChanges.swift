public import MartletJSON

/// What a request has done to its session, apart from what was stored before.
///
/// At the end of a request only its own changes are put into what is stored by then, so that two requests of one session
/// that run at the same time do not undo each other.
public struct SessionChanges: Sendable, Hashable {
    /// Whether everything that was stored before goes.
    public private(set) var clearsAll = false

    /// The values that were set, by key.
    public private(set) var assigned = JSONObject()

    /// The keys that were removed.
    public private(set) var removed: Set<String> = []

    /// No changes.
    public init() {}

    /// Whether nothing was changed.
    public var isEmpty: Bool { !clearsAll && assigned.isEmpty && removed.isEmpty }

    /// Sets a value.
    public mutating func set(_ key: String, _ value: JSONValue) {
        assigned[key] = value
        removed.remove(key)
    }

    /// Removes a key.
    public mutating func remove(_ key: String) {
        assigned[key] = nil
        removed.insert(key)
    }

    /// Removes all keys.
    public mutating func clear() {
        self = SessionChanges()
        clearsAll = true
    }

    /// What was done to a key: a value, `.some(nil)` for removed, `nil` for nothing.
    func change(of key: String) -> JSONValue?? {
        if let value = assigned[key] { return .some(value) }
        return clearsAll || removed.contains(key) ? .some(nil) : nil
    }

    /// The values with the changes in them.
    public func applied(to values: JSONObject) -> JSONObject {
        var values = clearsAll ? JSONObject() : values
        for key in removed { values[key] = nil }
        for (key, value) in assigned { values[key] = value }
        return values
    }
}
