import MartletCache
import MartletJSON
import MartletPickle

/// Sessions in a cache, where Django keeps the pickled `dict` and not the signed text.
enum SessionPickle {
    /// As deep as sessions are written.
    private static let limits = PickleLimits(depth: SessionCoding.depth)

    /// The session of an entry.
    ///
    /// - Throws: `PickleError` for what is no `dict` of plain values.
    static func session(_ entry: CacheEntry) throws -> StoredSession {
        guard entry.flags == .pickle, case .dictionary(let members) = try Pickle.loads(entry.bytes, limits: limits)
        else {
            throw SessionError.unavailable(reason: "What the cache has under its key is no pickled dict.")
        }
        var values = JSONObject()
        for (key, value) in members {
            // What JSON has no word for is left where it is.
            guard case .string(let name) = key, let value = try? JSONValue(value) else { continue }
            values[name] = value
        }
        var session = StoredSession(values: values, version: entry.bytes)
        session.pickled = members
        return session
    }

    /// The entry of a session.
    static func entry(_ session: StoredSession) throws -> CacheEntry {
        let members: PickleValue
        if let pickled = session.pickled {
            members = .dictionary(pickled)
        } else {
            members = try PickleValue(JSONValue.object(session.values))
        }
        return CacheEntry(bytes: try Pickle.dumps(members), flags: .pickle)
    }
}

extension SessionChanges {
    /// The members with the changes in them.
    func applied(to members: PickleDictionary) throws -> PickleDictionary {
        var members = clearsAll ? PickleDictionary() : members
        for key in removed { members[.string(key)] = nil }
        for (key, value) in assigned { members[.string(key)] = try PickleValue(value) }
        return members
    }
}
