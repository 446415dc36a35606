internal import CMemcached
internal import Dispatch
internal import Glibc
internal import Synchronization

/// One connection to a server; every call blocks.
final class MemcachedConnection: @unchecked Sendable {
    // All its state is touched by who has taken it out of its pool only, on `queue` or before that, and freed with the last.
    let queue: DispatchQueue
    private(set) var client: UnsafeMutablePointer<memcached_st>
    private let location: MemcachedLocation
    private let options: MemcachedOptions
    /// Which failure of the server it was opened after; see ``MemcachedPool``.
    private var age = 0
    private var hasFailed = false
    private var isNew = true

    private struct Answer {
        /// Since when it is waited for; `nil` while nothing is.
        var since: ContinuousClock.Instant?
        var isCut = false
    }

    /// Shared with the watch of the pool; held to look at the time, and while `client` is exchanged.
    private let answer = Mutex(Answer())

    /// - Returns: `nil` when there is no memory for a client.
    init?(_ location: MemcachedLocation, options: MemcachedOptions, number: Int) {
        guard let client = Self.makeClient(location, options.timeout) else { return nil }
        self.client = client
        self.location = location
        self.options = options
        queue = DispatchQueue(label: "martlet.cache.memcached.\(number)")
    }

    deinit { memcached_free(client) }

    private static func makeClient(
        _ location: MemcachedLocation, _ timeout: Duration
    ) -> UnsafeMutablePointer<memcached_st>? {
        guard let client = memcached_create(nil) else { return nil }
        switch location.address {
        case .network(let host, let port): memcached_server_add(client, host, in_port_t(port))
        case .socket(let path): memcached_server_add_unix_socket(client, path)
        }
        let (seconds, attoseconds) = timeout.components
        let milliseconds = UInt64(min(max(seconds * 1_000 + attoseconds / 1_000_000_000_000_000, 1), 60_000))
        memcached_behavior_set(client, MEMCACHED_BEHAVIOR_CONNECT_TIMEOUT, milliseconds)
        memcached_behavior_set(client, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, milliseconds)
        memcached_behavior_set(client, MEMCACHED_BEHAVIOR_SND_TIMEOUT, milliseconds * 1_000)
        memcached_behavior_set(client, MEMCACHED_BEHAVIOR_RCV_TIMEOUT, milliseconds * 1_000)
        memcached_behavior_set(client, MEMCACHED_BEHAVIOR_TCP_NODELAY, 1)
        memcached_behavior_set(client, MEMCACHED_BEHAVIOR_TCP_KEEPALIVE, 1)
        return client
    }

    // MARK: Failures

    /// Notes that the connection is used next, and that the server has failed so often up to now. One that was open at the
    /// last failure may be broken without knowing it, and libmemcached leaves a server alone that has failed; the pool
    /// does so for all connections, so each begins anew.
    func renew(for age: Int) {
        guard age != self.age else { return }
        self.age = age
        if !isNew, let client = Self.makeClient(location, options.timeout) {
            let old = answer.withLock { answer in
                answer.isCut = false
                defer { self.client = client }
                return self.client
            }
            memcached_free(old)
            isNew = true
        }
    }

    /// Whether the last command has had no answer, or none in time.
    func takeFailure() -> Bool {
        defer { hasFailed = false }
        isNew = false
        let isCut = answer.withLock { answer in
            answer.since = nil
            return answer.isCut
        }
        return hasFailed || isCut
    }

    // MARK: Answers that drip

    /// Notes that an answer is waited for from now on.
    func begin() { answer.withLock { $0.since = .now } }

    /// Ends the wait for an answer that takes too long. libmemcached's own limit begins anew with each byte, so a server that
    /// sends one now and then would hold the connection for as long as it likes.
    func cut(_ now: ContinuousClock.Instant) {
        answer.withLock { answer in
            guard let since = answer.since, since.duration(to: now) >= options.timeout, !answer.isCut else { return }
            answer.isCut = true
            // On another thread than the command's: it sets one aligned number, which is read before each wait, and the lock
            // keeps the client from being freed meanwhile. A limit of 0 ends the next wait.
            memcached_behavior_set(client, MEMCACHED_BEHAVIOR_POLL_TIMEOUT, 0)
        }
    }

    // MARK: Commands

    func get(_ key: String) throws(CacheError) -> CacheEntry? {
        begin()
        var length = 0
        var flags: UInt32 = 0
        var code = MEMCACHED_SUCCESS
        let bytes = memcached_get(client, key, key.utf8.count, &length, &flags, &code)
        defer { free(bytes) }
        if code == MEMCACHED_NOTFOUND { return nil }
        guard code == MEMCACHED_SUCCESS else { throw unavailable(code) }
        // The value of no bytes comes as a null pointer.
        let value = UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : length)
        return CacheEntry(bytes: Array(value), flags: CacheFlags(rawValue: flags)).unpacked
    }

    func set(_ key: String, _ entry: CacheEntry, expiration: Int) throws(CacheError) {
        begin()
        let entry = entry.packed(above: options.compressAbove)
        let code = Self.withBytes(of: entry) {
            memcached_set(client, key, key.utf8.count, $0, entry.bytes.count, expiration, entry.flags.rawValue)
        }
        guard code == MEMCACHED_SUCCESS else { throw refusal(code, key, entry) }
    }

    func add(_ key: String, _ entry: CacheEntry, expiration: Int) throws(CacheError) -> Bool {
        begin()
        let entry = entry.packed(above: options.compressAbove)
        let code = Self.withBytes(of: entry) {
            memcached_add(client, key, key.utf8.count, $0, entry.bytes.count, expiration, entry.flags.rawValue)
        }
        if code == MEMCACHED_NOTSTORED || code == MEMCACHED_DATA_EXISTS { return false }
        guard code == MEMCACHED_SUCCESS else { throw refusal(code, key, entry) }
        return true
    }

    func delete(_ key: String) throws(CacheError) -> Bool {
        begin()
        let code = memcached_delete(client, key, key.utf8.count, 0)
        if code == MEMCACHED_NOTFOUND { return false }
        guard code == MEMCACHED_SUCCESS else { throw unavailable(code) }
        return true
    }

    func touch(_ key: String, expiration: Int) throws(CacheError) -> Bool {
        begin()
        let code = memcached_touch(client, key, key.utf8.count, expiration)
        if code == MEMCACHED_NOTFOUND { return false }
        guard code == MEMCACHED_SUCCESS else { throw unavailable(code) }
        return true
    }

    func clear() throws(CacheError) {
        begin()
        let code = memcached_flush(client, 0)
        guard code == MEMCACHED_SUCCESS else { throw unavailable(code) }
    }

    /// Closes the socket; the next command opens it again.
    func disconnect() { memcached_quit(client) }

    func increment(_ key: String, by amount: Int) throws(CacheError) -> UInt64? {
        begin()
        var number: UInt64 = 0
        let length = key.utf8.count
        // The plain functions take 32 bits only; these take the key that chooses the server beside the key.
        let count = amount >= 0 ? memcached_increment_by_key : memcached_decrement_by_key
        let code = count(client, key, length, key, length, UInt64(amount.magnitude), &number)
        if code == MEMCACHED_NOTFOUND { return nil }
        if code == MEMCACHED_CLIENT_ERROR { throw .notANumber(key: key) }
        guard code == MEMCACHED_SUCCESS else { throw unavailable(code) }
        return number
    }

    // MARK: Answers

    static func withBytes<R>(of entry: CacheEntry, _ body: (UnsafePointer<CChar>?) -> R) -> R {
        entry.bytes.withUnsafeBytes { body($0.assumingMemoryBound(to: CChar.self).baseAddress) }
    }

    func refusal(_ code: memcached_return_t, _ key: String, _ entry: CacheEntry) -> CacheError {
        code == MEMCACHED_E2BIG ? .tooLarge(key: key, bytes: entry.bytes.count) : unavailable(code)
    }

    func packed(_ entry: CacheEntry) -> CacheEntry { entry.packed(above: options.compressAbove) }

    /// What the server has said is an answer, too: it is up.
    private static let answers: [memcached_return_t] = [
        MEMCACHED_SERVER_ERROR, MEMCACHED_SERVER_MEMORY_ALLOCATION_FAILURE, MEMCACHED_CLIENT_ERROR, MEMCACHED_NOTSTORED,
        MEMCACHED_E2BIG,
    ]

    /// libmemcached's message without what only its own authors read: the number of an object in memory in front, and the
    /// place in its source behind the arrow.
    static func words(_ message: String) -> String {
        var text = message[...]
        if text.hasPrefix("("), let end = text.firstIndex(of: ")"),
            text[..<end].dropFirst().allSatisfy({ $0.isHexDigit || $0 == "x" })
        {
            text = text[text.index(after: end)...].drop { $0 == " " }
        }
        if let arrow = text.firstRange(of: " -> ") { text = text[..<arrow.lowerBound] }
        while text.hasSuffix(",") || text.hasSuffix(" ") { text = text.dropLast() }
        return String(text)
    }

    func unavailable(_ code: memcached_return_t) -> CacheError {
        if !Self.answers.contains(code) { hasFailed = true }
        let detail = memcached_last_error_message(client).map { Self.words(String(cString: $0)) }
        let text = memcached_strerror(client, code).map { String(cString: $0) } ?? "code \(code.rawValue)"
        return .unavailable(reason: detail ?? text)
    }
}
