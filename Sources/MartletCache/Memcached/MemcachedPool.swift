internal import Dispatch
internal import Synchronization

/// The connections to one server, and whether it can be reached.
///
/// A server that has failed twice in a row is left alone for half a second; then one command tries it again. Meanwhile
/// commands fail at once, so that no page waits for a server that is down.
final class MemcachedPool: Sendable {
    /// What waits for a connection.
    enum Request: Sendable {
        /// Reads a key; several that wait are asked for together.
        case get(String, CheckedContinuation<Result<CacheEntry?, CacheError>, Never>)
        /// Anything else, with a connection or the reason why there is none.
        case other(@Sendable (Result<MemcachedConnection, CacheError>) -> Void)
    }

    private struct Waiting {
        let request: Request
        let since: ContinuousClock.Instant
    }

    private struct State {
        var idle: [MemcachedConnection]
        var waiting: [Waiting] = []
        /// How many of `waiting`'s first were taken already. They leave the array together, so that taking one moves the
        /// others seldom.
        var taken = 0
        /// Failures since the last answer.
        var failures = 0
        /// Until when the server is left alone.
        var deadUntil: ContinuousClock.Instant?
        /// Raised by each failure: connections of an older age are opened anew before they are used.
        var age = 0
        /// Whether the watch will look at the connections.
        var isWatched = false
    }

    /// The connections that are free, and what waits for one. Shared by all tasks; held to put in or take out, never while
    /// a command runs.
    private let state: Mutex<State>
    private let connections: [MemcachedConnection]
    private let timeout: Duration
    /// Where connections are cut off whose answers take too long.
    private static let watch = DispatchQueue(label: "martlet.cache.memcached.watch")
    private static let pause = Duration.milliseconds(500)
    /// As many keys as one `get` reads; a long line holds up others.
    private static let batch = 64

    /// - Throws: ``CacheError/unavailable(reason:)`` without memory.
    init(_ location: MemcachedLocation, connections: Int, options: MemcachedOptions) throws(CacheError) {
        self.connections = (0..<max(connections, 1)).compactMap {
            MemcachedConnection(location, options: options, number: $0)
        }
        guard !self.connections.isEmpty else { throw .unavailable(reason: "there is no memory for a connection") }
        state = Mutex(State(idle: self.connections))
        timeout = options.timeout
    }

    /// Whether the server may be asked: it is up, or it is time to try it again.
    func isUsable(_ now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            guard let dead = state.deadUntil else { return true }
            return dead <= now
        }
    }

    // MARK: Commands

    /// Reads a key on the next free connection.
    func get(_ key: String) async throws(CacheError) -> CacheEntry? {
        let result: Result<CacheEntry?, CacheError> = await withCheckedContinuation { continuation in
            submit(.get(key, continuation))
        }
        return try result.get()
    }

    /// Runs a command on the next free connection, on that connection's thread.
    func run<R: Sendable>(
        _ command: @escaping @Sendable (MemcachedConnection) throws(CacheError) -> R
    ) async throws(CacheError) -> R {
        let result: Result<R, CacheError> = await withCheckedContinuation { continuation in
            submit(
                .other { connection in
                    do throws(CacheError) {
                        continuation.resume(returning: .success(try command(try connection.get())))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                })
        }
        return try result.get()
    }

    /// Closes the connections that are free.
    func close() async {
        let idle = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        for connection in idle {
            await withCheckedContinuation { continuation in
                connection.queue.async {
                    connection.disconnect()
                    self.serve(connection, from: self.next(orReturn: connection))
                    continuation.resume()
                }
            }
        }
    }

    private func submit(_ request: Request) {
        var isDead = false
        var mustWatch = false
        let connection = state.withLock { state -> MemcachedConnection? in
            if let dead = state.deadUntil {
                let now = ContinuousClock.now
                isDead = now < dead
                if isDead { return nil }
                // One is let through, and the others wait for what becomes of it.
                state.deadUntil = now + Self.pause
            }
            if let connection = state.idle.popLast() {
                connection.renew(for: state.age)
                mustWatch = !state.isWatched
                state.isWatched = true
                return connection
            }
            state.waiting.append(Waiting(request: request, since: .now))
            return nil
        }
        if isDead { return Self.refuse(request, "the server has failed and is tried again soon") }
        guard let connection else { return }
        if mustWatch { watchLater() }
        connection.queue.async { self.serve(connection, from: [request]) }
    }

    // MARK: The watch

    /// Looks at the connections after half the time limit, and again until all are free: a few times a second under load, and
    /// not at all without.
    private func watchLater() {
        let (seconds, attoseconds) = timeout.components
        let half = (seconds * 1_000_000 + attoseconds / 1_000_000_000_000) / 2
        Self.watch.asyncAfter(deadline: .now() + .microseconds(Int(min(max(half, 1_000), 60_000_000)))) { [weak self] in
            self?.lookAfter()
        }
    }

    private func lookAfter() {
        let now = ContinuousClock.now
        for connection in connections { connection.cut(now) }
        let isBusy = state.withLock { state in
            state.isWatched = state.idle.count < connections.count
            return state.isWatched
        }
        if isBusy { watchLater() }
    }

    // MARK: On a connection's thread

    /// Runs requests until none waits, and gives the connection back.
    private func serve(_ connection: MemcachedConnection, from first: [Request]) {
        var requests = first
        while !requests.isEmpty {
            perform(requests, on: connection)
            note(connection)
            requests = next(orReturn: connection)
        }
    }

    private func perform(_ requests: [Request], on connection: MemcachedConnection) {
        if case .other(let command) = requests[0] { return command(.success(connection)) }
        if requests.count == 1, case .get(let key, let continuation) = requests[0] {
            do throws(CacheError) {
                continuation.resume(returning: .success(try connection.get(key)))
            } catch {
                continuation.resume(returning: .failure(error))
            }
            return
        }
        let entries: Result<[String: CacheEntry], CacheError>
        do throws(CacheError) {
            entries = .success(try connection.getMany(requests.map(Self.key)))
        } catch {
            entries = .failure(error)
        }
        for case .get(let key, let continuation) in requests { continuation.resume(returning: entries.map { $0[key] }) }
    }

    private static func key(_ request: Request) -> String {
        if case .get(let key, _) = request { key } else { "" }
    }

    /// Keeps count of failures.
    private func note(_ connection: MemcachedConnection) {
        let hasFailed = connection.takeFailure()
        state.withLock { state in
            guard hasFailed else {
                state.failures = 0
                state.deadUntil = nil
                return
            }
            state.failures += 1
            state.age += 1
            if state.failures >= 2 { state.deadUntil = .now + Self.pause }
        }
    }

    /// The requests that wait longest: one, or as many reads as follow each other. Where none waits, the connection becomes
    /// free.
    private func next(orReturn connection: MemcachedConnection) -> [Request] {
        while true {
            var late: ArraySlice<Waiting> = []
            let requests = state.withLock { state -> [Request]? in
                guard state.taken < state.waiting.count else {
                    state.waiting.removeAll(keepingCapacity: state.waiting.capacity < 1_024)
                    state.taken = 0
                    state.idle.append(connection)
                    return []
                }
                connection.renew(for: state.age)
                let isDead = state.deadUntil.map { .now < $0 } ?? false
                let taken = Self.take(&state, all: isDead)
                if !isDead, let first = taken.first, first.since.duration(to: .now) <= timeout {
                    return taken.map(\.request)
                }
                late = taken
                return nil
            }
            if let requests { return requests }
            for waiting in late { Self.refuse(waiting.request, "no connection became free in time") }
        }
    }

    private static func take(_ state: inout State, all: Bool) -> ArraySlice<Waiting> {
        let start = state.taken
        var end = start + 1
        if all {
            end = state.waiting.count
        } else if case .get = state.waiting[start].request {
            while end < state.waiting.count, end - start < batch, case .get = state.waiting[end].request { end += 1 }
        }
        let taken = state.waiting[start..<end]
        state.taken = end
        if end >= 64, end * 2 > state.waiting.count {
            state.waiting.removeFirst(end)
            state.taken = 0
        }
        return taken
    }

    private static func refuse(_ request: Request, _ reason: String) {
        let error = CacheError.unavailable(reason: reason)
        switch request {
        case .get(_, let continuation): continuation.resume(returning: .failure(error))
        case .other(let command): command(.failure(error))
        }
    }
}
