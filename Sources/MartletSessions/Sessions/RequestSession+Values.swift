public import MartletJSON

/// The values: anything that JSON can say, under texts.
extension RequestSession {
    /// A value as JSON; `nil` where there is none.
    ///
    /// ```swift
    /// if try await request.session["theme"] == "dark" { … }
    /// ```
    ///
    /// - Throws: ``SessionError/unreadable(key:)``; what the store throws.
    public subscript(_ key: String) -> JSONValue? {
        get async throws {
            let pending = withState { state in
                state.isAccessed = true
                return state.changes.change(of: key)
            }
            if let pending { return pending }
            guard case .session(_, let session) = try await stored() else { return nil }
            if session.isUnreadable(key) { throw SessionError.unreadable(key: key) }
            return session.values[key]
        }
    }

    /// A value as it was stored, without making the response depend on it: for a layer that looks before it knows whether
    /// anybody will need it.
    package func peek(_ key: String) async throws -> JSONValue? {
        guard case .session(_, let session) = try await stored(isAccess: false) else { return nil }
        return session.values[key]
    }

    /// The keys as far as they are known; `nil` while nobody has asked for the session. Asks no store.
    package var knownKeys: [String]? {
        withState { state in
            guard state.isAccessed else { return nil }
            let values: JSONObject
            switch state.stored {
            case .unknown, .none: values = JSONObject()
            case .session(_, let session): values = session.values
            }
            return state.changes.applied(to: values).names
        }
    }

    /// A value of a type; `nil` where there is none, and where it is `null`.
    ///
    /// - Throws: ``SessionError/mismatch(key:reason:)`` when it is of another type; ``SessionError/unreadable(key:)``;
    ///   what the store throws.
    public func get<T: Decodable>(_ key: String, as type: T.Type = T.self) async throws -> T? {
        guard let value = try await self[key], !value.isNull else { return nil }
        do {
            return try JSON.decode(type, from: value)
        } catch {
            throw SessionError.mismatch(key: key, reason: error.description)
        }
    }

    /// Whether there is a value.
    public func contains(_ key: String) async throws -> Bool {
        do {
            return try await self[key] != nil
        } catch SessionError.unreadable {
            return true
        }
    }

    /// All values that JSON can say.
    public var values: JSONObject {
        get async throws {
            let stored = try await stored()
            let changes = withState { $0.changes }
            guard case .session(_, let session) = stored else { return changes.applied(to: JSONObject()) }
            return changes.applied(to: session.values)
        }
    }

    /// Sets a value. Nothing is read for it, and it is written with the other changes after the view.
    ///
    /// - Throws: ``SessionError/notEncodable(key:reason:)``; ``SessionError/responseSent``.
    public func set(_ key: String, _ value: some Encodable) throws(SessionError) {
        let value = try Self.json(value, key)
        try change { $0.changes.set(key, value) }
    }

    /// Sets many values.
    ///
    /// - Throws: ``SessionError/notEncodable(key:reason:)``, and none is set then; ``SessionError/responseSent``.
    public func update(_ values: JSONObject) throws(SessionError) {
        for (key, value) in values { try Self.check(value, key) }
        try change { state in
            for (key, value) in values { state.changes.set(key, value) }
        }
    }

    /// Removes a value.
    ///
    /// - Returns: Whether there was one.
    /// - Throws: ``SessionError/responseSent``; what the store throws.
    @discardableResult
    public func remove(_ key: String) async throws -> Bool {
        guard try await contains(key) else { return false }
        try change { $0.changes.remove(key) }
        return true
    }

    /// Removes a value and gives it back; `nil` where there was none.
    ///
    /// - Throws: As ``get(_:as:)`` and ``remove(_:)``; the value stays then.
    public func pop<T: Decodable>(_ key: String, as type: T.Type = T.self) async throws -> T? {
        let value = try await get(key, as: type)
        try await remove(key)
        return value
    }

    /// The value, or else the one given, which is set.
    ///
    /// - Throws: As ``get(_:as:)`` and ``set(_:_:)``.
    @discardableResult
    public func setDefault<T: Codable>(_ key: String, _ value: T) async throws -> T {
        if let known = try await get(key, as: T.self) { return known }
        try set(key, value)
        return value
    }

    /// Removes all values, and keeps the key.
    ///
    /// - Throws: ``SessionError/responseSent``.
    public func clear() throws(SessionError) {
        try change { $0.changes.clear() }
    }

    /// How deep a value may nest: the session itself is a level too.
    private static let depth = SessionCoding.depth - 1

    /// - Throws: ``SessionError/notEncodable(key:reason:)`` for what could be written and never be read again.
    private static func check(_ value: JSONValue, _ key: String) throws(SessionError) {
        guard !value.nests(deeperThan: depth) else {
            throw .notEncodable(key: key, reason: "it nests deeper than \(depth) levels")
        }
    }

    private static func json(_ value: some Encodable, _ key: String) throws(SessionError) -> JSONValue {
        switch value {
        case let value as JSONValue:
            try check(value, key)
            return value
        case let text as String: return .string(text)
        default: break
        }
        do {
            return try JSON.parse(JSON.encode(value), limits: JSONLimits(depth: depth))
        } catch {
            throw .notEncodable(key: key, reason: error.description)
        }
    }
}

extension JSONValue {
    fileprivate func nests(deeperThan levels: Int) -> Bool {
        switch self {
        case .array(let elements): levels < 1 || elements.contains { $0.nests(deeperThan: levels - 1) }
        case .object(let members): levels < 1 || members.contains { $0.value.nests(deeperThan: levels - 1) }
        default: false
        }
    }
}

/// Whether the browser takes cookies at all.
///
/// Source: Django, [Setting test cookies](https://docs.djangoproject.com/en/5.2/topics/http/sessions/#setting-test-cookies).
extension RequestSession {
    private static let testCookie = (key: "testcookie", value: "worked")

    /// Sets a value that the next request brings back if the browser takes cookies.
    public func setTestCookie() throws(SessionError) { try set(Self.testCookie.key, Self.testCookie.value) }

    /// Whether the value of ``setTestCookie()`` has come back.
    public var testCookieWorked: Bool {
        get async throws { try await self[Self.testCookie.key] == .string(Self.testCookie.value) }
    }

    /// Removes it again.
    public func deleteTestCookie() async throws { try await remove(Self.testCookie.key) }
}
