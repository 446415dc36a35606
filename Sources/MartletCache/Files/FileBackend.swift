internal import Dispatch
public import FoundationEssentials

/// Keeps entries in files of one folder, which the processes of one machine share.
///
/// ```swift
/// let cache = Cache(try FileBackend(folder: "/var/cache/blog"))
/// ```
///
/// A file is replaced as a whole, so nobody reads half an entry. When all files together take more than `capacity`, those
/// go first that were written longest ago. A disk that is full is a miss and an event, and the entry that was to be
/// replaced is gone. The disk is waited for on a thread of the back end's own.
///
/// Files hold bytes with a flag and their key, never something that runs; Django's, which are pickles, are neither read
/// nor written.
public final class FileBackend: CacheBackend {
    private let files: CacheFiles
    private let queue = DispatchQueue(label: "martlet.cache.files")
    private let now: @Sendable () -> Date

    /// Makes a back end, and the folder where it is not there, for this user alone.
    ///
    /// - Parameters:
    ///   - folder: A folder that is the cache's alone; ``clear()`` empties it of entries.
    ///   - capacity: How many bytes the files may take together; 256 MiB unless told.
    ///   - now: The time; the system's unless told.
    /// - Throws: ``CacheError/invalidLocation(location:reason:)`` for what is no folder, or cannot be made one.
    public init(
        folder: String, capacity: Int = 256 << 20, now: @escaping @Sendable () -> Date = { .now }
    ) throws(CacheError) {
        files = try CacheFiles(folder: folder, capacity: capacity)
        self.now = now
    }

    /// The entry of a key.
    public func get(_ key: String) async throws(CacheError) -> CacheEntry? {
        try await run { files, now throws(CacheError) in try files.read(key, now)?.entry }
    }

    /// The entries of several keys.
    public func getMany(_ keys: [String]) async throws(CacheError) -> [String: CacheEntry] {
        try await run { files, now throws(CacheError) in
            var found: [String: CacheEntry] = [:]
            for key in keys { found[key] = try files.read(key, now)?.entry }
            return found
        }
    }

    /// Stores an entry.
    public func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
        try await run { files, now throws(CacheError) in
            try files.locked { () throws(CacheError) in try files.write(key, entry, until: lifetime.end(after: now)) }
        }
    }

    /// Stores an entry where there is none.
    public func add(
        _ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool {
        try await run { files, now throws(CacheError) in
            try files.locked { () throws(CacheError) in
                if lifetime.isOver { return false }
                guard try files.read(key, now) == nil else { return false }
                try files.write(key, entry, until: lifetime.end(after: now))
                return true
            }
        }
    }

    /// Stores an entry in the place of one that is still the one known.
    public func replace(
        _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> CacheReplacement {
        try await run { files, now throws(CacheError) in
            try files.locked { () throws(CacheError) in
                guard let found = try files.read(key, now) else { return .missing }
                guard found.entry == old else { return .changed }
                try files.write(key, new, until: lifetime.end(after: now))
                return .stored
            }
        }
    }

    /// Removes an entry.
    public func delete(_ key: String) async throws(CacheError) -> Bool {
        try await run { files, now throws(CacheError) in
            try files.locked { () throws(CacheError) in
                let wasThere = try files.read(key, now) != nil
                files.remove(key)
                return wasThere
            }
        }
    }

    /// Counts a number.
    public func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64? {
        try await run { files, now throws(CacheError) in
            try files.locked { () throws(CacheError) in
                guard let (entry, end) = try files.read(key, now) else { return nil }
                guard let sum = entry.counted(by: amount) else { throw .notANumber(key: key) }
                try files.write(key, CacheEntry(bytes: Array(String(sum).utf8), flags: entry.flags), until: end)
                return sum
            }
        }
    }

    /// Gives an entry a new lifetime.
    public func touch(_ key: String, for lifetime: CacheLifetime) async throws(CacheError) -> Bool {
        try await run { files, now throws(CacheError) in
            try files.locked { () throws(CacheError) in
                guard let found = try files.read(key, now) else { return false }
                try files.write(key, found.entry, until: lifetime.end(after: now))
                return true
            }
        }
    }

    /// Removes every entry of the folder; other files stay.
    public func clear() async throws(CacheError) {
        try await run { files, _ throws(CacheError) in
            try files.locked { () throws(CacheError) in try files.removeAll() }
        }
    }

    /// Runs what waits for the disk on the back end's thread.
    private func run<R: Sendable>(
        _ work: @escaping @Sendable (CacheFiles, Date) throws(CacheError) -> R
    ) async throws(CacheError) -> R {
        let now = now()
        let result: Result<R, CacheError> = await withCheckedContinuation { continuation in
            queue.async { [files] in
                do throws(CacheError) {
                    continuation.resume(returning: .success(try work(files, now)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
