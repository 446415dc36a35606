import Synchronization

/// Files in memory, for tests; they go with the value.
public final class MemoryStorage: Storage {
    private let files = Mutex<[String: [UInt8]]>([:])
    private let baseURL: String?

    /// Makes an empty storage.
    ///
    /// - Parameter baseURL: What stands in front of a file's name in its URL; `nil` for files without one.
    public init(baseURL: String? = "/media/") {
        self.baseURL = baseURL.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
    }

    /// The names of all files, in order.
    public var names: [String] { files.withLock { $0.keys.sorted() } }

    /// Saves a file under a free name.
    public func save(_ content: [UInt8], as name: String, maxLength: Int) async throws -> String {
        var free = try FileName.shortened(name, maxLength: maxLength)
        _ = try FileName.parts(of: free)
        while !insert(content, as: free) { free = try FileName.alternative(to: name, maxLength: maxLength) }
        return free
    }

    private func insert(_ content: [UInt8], as name: String) -> Bool {
        files.withLock { files in
            guard files[name] == nil else { return false }
            files[name] = content
            return true
        }
    }

    /// The bytes of a file.
    public func read(_ name: String) async throws -> [UInt8] {
        _ = try FileName.parts(of: name)
        guard let content = files.withLock({ $0[name] }) else { throw StorageError.notFound(name) }
        return content
    }

    /// Removes a file.
    public func delete(_ name: String) async throws {
        _ = try FileName.parts(of: name)
        files.withLock { $0[name] = nil }
    }

    /// Whether there is such a file.
    public func exists(_ name: String) async throws -> Bool {
        _ = try FileName.parts(of: name)
        return files.withLock { $0[name] != nil }
    }

    /// How many bytes it has.
    public func size(of name: String) async throws -> Int { try await read(name).count }

    /// The base URL and the name.
    public func url(of name: String) throws(StorageError) -> String {
        try FileURL.make(baseURL, name)
    }
}

/// URLs of stored files.
enum FileURL {
    static func make(_ base: String?, _ name: String) throws(StorageError) -> String {
        _ = try FileName.parts(of: name)
        guard let base else {
            throw StorageError(
                .notConfigured, "The storage has no base URL. Give it one, or do not ask for a file's URL.")
        }
        return base + FileName.encoded(name)
    }
}
