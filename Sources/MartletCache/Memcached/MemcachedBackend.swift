internal import CMemcached
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Keeps entries in a Memcached server, shared by all processes, and by a Django site beside this one.
///
/// ```swift
/// let cache = Cache(try MemcachedBackend(at: "kvdb:11211"), prefix: "blog")
/// ```
///
/// libmemcached blocks, so a few connections run on threads of their own; a caller's task is suspended meanwhile. A
/// command that has waited for a connection longer than the time limit fails without being sent: when the server
/// hangs, requests must not pile up behind it.
public final class MemcachedBackend: CacheBackend {
    private typealias Command = @Sendable (MemcachedConnection?) -> Void

    /// The connections that are free, and the commands that wait for one. Shared by all tasks; held to put in or take
    /// out, never while a command runs.
    private let pool: Mutex<Pool>

    private let timeout: Duration

    private struct Pool {
        var idle: [MemcachedConnection]
        var waiting: [(command: Command, since: ContinuousClock.Instant)] = []

        /// How many of `waiting`'s first commands were taken already. They leave the array together, so that taking one
        /// moves the others seldom.
        private var taken = 0

        init(idle: [MemcachedConnection]) { self.idle = idle }

        /// The command that waits longest; where none waits, the connection becomes free.
        mutating func next(
            orReturn connection: MemcachedConnection
        ) -> (command: Command, since: ContinuousClock.Instant)? {
            guard taken < waiting.count else {
                waiting.removeAll(keepingCapacity: waiting.capacity < 1_024)
                taken = 0
                idle.append(connection)
                return nil
            }
            if taken >= 64, taken * 2 > waiting.count {
                waiting.removeFirst(taken)
                taken = 0
            }
            defer { taken += 1 }
            return waiting[taken]
        }
    }

    /// Makes a back end. The server is not asked for anything yet: it may come up later.
    ///
    /// - Parameters:
    ///   - location: Where the server listens: `host:port` or `unix:/path`; see ``MemcachedLocation``.
    ///   - connections: How many commands may be under way at once; 4 unless told.
    ///   - timeout: How long to wait for a connection, and how long for an answer; half a second unless told.
    /// - Throws: ``CacheError/invalidLocation(location:reason:)``; ``CacheError/unavailable(reason:)`` without memory.
    public init(
        at location: String, connections: Int = 4, timeout: Duration = .milliseconds(500)
    ) throws(CacheError) {
        let location = try MemcachedLocation(location)
        let idle = (0..<max(connections, 1)).compactMap { number in
            MemcachedConnection(location, timeout: timeout, number: number)
        }
        guard !idle.isEmpty else { throw .unavailable(reason: "there is no memory for a connection") }
        pool = Mutex(Pool(idle: idle))
        self.timeout = timeout
    }

    /// The entry of a key.
    public func get(_ key: String) async throws(CacheError) -> CacheEntry? {
        try await run { connection throws(CacheError) in try connection.get(key) }
    }

    /// Stores an entry.
    public func set(_ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime) async throws(CacheError) {
        let expiration = Self.expiration(lifetime)
        do {
            try await run { connection throws(CacheError) in try connection.set(key, entry, expiration: expiration) }
        } catch .tooLarge(let key, let bytes) {
            // libmemcached may refuse before the server has dropped the old value, which would live on.
            _ = try await delete(key)
            throw .tooLarge(key: key, bytes: bytes)
        }
    }

    /// Stores an entry where there is none.
    public func add(
        _ key: String, _ entry: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> Bool {
        let expiration = Self.expiration(lifetime)
        let stored = try await run { connection throws(CacheError) in
            try connection.add(key, entry, expiration: expiration)
        }
        return stored && !lifetime.isOver
    }

    /// Stores an entry in the place of one that is still the one known.
    public func replace(
        _ key: String, _ old: CacheEntry, with new: CacheEntry, for lifetime: CacheLifetime
    ) async throws(CacheError) -> CacheReplacement {
        let expiration = Self.expiration(lifetime)
        return try await run { connection throws(CacheError) in
            try connection.replace(key, old, with: new, expiration: expiration)
        }
    }

    /// Removes an entry.
    public func delete(_ key: String) async throws(CacheError) -> Bool {
        try await run { connection throws(CacheError) in try connection.delete(key) }
    }

    /// Counts a number.
    public func increment(_ key: String, by amount: Int) async throws(CacheError) -> UInt64? {
        try await run { connection throws(CacheError) in try connection.increment(key, by: amount) }
    }

    /// The lifetime as the protocol has it: 0 is for ever, less than 0 is over, and more than 30 days is a date.
    ///
    /// Source: protocol.txt, "Expiration times"; Django's `BaseMemcachedCache.get_backend_timeout`.
    static func expiration(_ lifetime: CacheLifetime) -> Int {
        guard let duration = lifetime.duration else { return 0 }
        if duration <= .zero { return -1 }
        let (seconds, attoseconds) = duration.components
        // Rounded up: half a second must not become 0, which is for ever.
        let whole = Int(min(seconds, 1 << 31)) + (attoseconds > 0 ? 1 : 0)
        if whole <= 30 * 86_400 { return whole }
        // Servers up to 1.6 read 32 bits and refuse the command where there are more.
        let now = Glibc.time(nil)
        return now < Int32.max ? min(now + whole, Int(Int32.max)) : now + whole
    }

    // MARK: Connections

    /// Runs a command on the next free connection, on that connection's thread.
    private func run<R: Sendable>(
        _ command: @escaping @Sendable (MemcachedConnection) throws(CacheError) -> R
    ) async throws(CacheError) -> R {
        let result: Result<R, CacheError> = await withCheckedContinuation { continuation in
            submit { connection in
                guard let connection else {
                    continuation.resume(returning: .failure(.unavailable(reason: "no connection became free in time")))
                    return
                }
                let result: Result<R, CacheError>
                do throws(CacheError) { result = .success(try command(connection)) } catch { result = .failure(error) }
                continuation.resume(returning: result)
            }
        }
        return try result.get()
    }

    private func submit(_ command: @escaping Command) {
        let connection = pool.withLock { pool -> MemcachedConnection? in
            if let connection = pool.idle.popLast() { return connection }
            pool.waiting.append((command, .now))
            return nil
        }
        guard let connection else { return }
        connection.queue.async {
            command(connection)
            self.serve(connection)
        }
    }

    /// Runs the commands that wait, and gives the connection back when there is none.
    private func serve(_ connection: MemcachedConnection) {
        while let (command, since) = pool.withLock({ $0.next(orReturn: connection) }) {
            command(since.duration(to: .now) > timeout ? nil : connection)
        }
    }
}
