import Synchronization

extension Database {
    /// The rows of a query, a batch at a time.
    ///
    /// ```swift
    /// for try await names in database.batches(of: 500, statement, decode: { try $0.text(at: 0) }) { … }
    /// ```
    ///
    /// The next batch is read when it is asked for, so memory holds one, however many rows there are. The query sees the
    /// database as it was at its beginning. Outside a transaction the loop has a connection for itself until it ends.
    ///
    /// - Parameters:
    ///   - size: How many rows a batch has; the last one may have fewer.
    ///   - statement: A statement that reads.
    ///   - decode: Reads one row where the driver holds it.
    public func batches<Value: Sendable>(
        of size: Int, _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) -> RowBatches<Value> {
        RowBatches(database: self, statement: statement, size: min(max(1, size), Int(Int32.max)), decode: decode)
    }
}

/// The rows of a query, a batch at a time: an asynchronous sequence of arrays, none of which is empty.
///
/// The query runs anew for each loop.
public struct RowBatches<Value: Sendable>: AsyncSequence, Sendable {
    /// One batch.
    public typealias Element = [Value]
    /// What reading throws.
    public typealias Failure = any Error

    fileprivate let database: Database
    fileprivate let statement: Statement
    fileprivate let size: Int
    fileprivate let decode: @Sendable (any Row) throws -> Value

    fileprivate init(
        database: Database, statement: Statement, size: Int, decode: @escaping @Sendable (any Row) throws -> Value
    ) {
        self.database = database
        self.statement = statement
        self.size = size
        self.decode = decode
    }

    /// Begins a loop; the query begins with the first batch.
    public func makeAsyncIterator() -> Iterator { Iterator(reading: Reading(self)) }

    /// The place of one loop.
    public struct Iterator: AsyncIteratorProtocol, Sendable {
        /// One batch.
        public typealias Element = [Value]
        /// What reading throws.
        public typealias Failure = any Error

        fileprivate let reading: Reading

        /// The next batch; `nil` behind the last.
        ///
        /// - Throws: ``DatabaseError``, or what decoding throws; the query has ended then.
        public mutating func next() async throws -> [Value]? { try await reading.next() }

        /// The next batch; `nil` behind the last.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> [Value]? {
            try await reading.next()
        }
    }

    /// A query that has begun, and what it holds; a loop that is left early lets go of it, which ends it.
    fileprivate final class Reading: Sendable {
        private enum State {
            case new
            case open(Source)
            case finished
        }

        private let batches: RowBatches
        /// Used by one loop; guarded, since `deinit` may run elsewhere.
        private let state = Mutex(State.new)

        init(_ batches: RowBatches) {
            self.batches = batches
        }

        deinit {
            guard case .open(let source) = state.withLock({ $0 }) else { return }
            Task { await source.end() }
        }

        func next() async throws -> [Value]? {
            let source: Source
            switch state.withLock({ $0 }) {
            case .finished: return nil
            case .open(let opened): source = opened
            case .new:
                source = try await Source.open(batches)
                state.withLock { $0 = .open(source) }
            }
            do {
                let rows = try await source.next(batches)
                if rows.count < batches.size { await finish(source) }
                return rows.isEmpty ? nil : rows
            } catch {
                await finish(source)
                throw error
            }
        }

        private func finish(_ source: Source) async {
            state.withLock { $0 = .finished }
            await uncancelled { await source.end() }
        }
    }

    /// The cursor and its connection: that of the task's transaction, or one of its own.
    fileprivate struct Source: Sendable {
        let cursor: any RowCursor<Value>
        let transaction: Transaction?
        let lease: (any DatabaseConnection)?
        let database: Database

        static func open(_ batches: RowBatches) async throws -> Source {
            let database = batches.database
            if let transaction = database.openTransaction, try transaction.enter(batches.statement) {
                defer { transaction.leave() }
                let cursor = try await transaction.connection.cursor(batches.statement, decode: batches.decode)
                return Source(cursor: cursor, transaction: transaction, lease: nil, database: database)
            }
            let connection = try await database.backend.lease(.read)
            do {
                let cursor = try await connection.cursor(batches.statement, decode: batches.decode)
                return Source(cursor: cursor, transaction: nil, lease: connection, database: database)
            } catch {
                database.backend.release(connection, .read)
                throw error
            }
        }

        func next(_ batches: RowBatches) async throws -> [Value] {
            if let transaction, try !transaction.enter(batches.statement) {
                throw ORMError.invalidQuery(
                    "The rows of a query are read after its transaction has ended. Read them inside, or begin outside.")
            }
            defer { transaction?.leave() }
            return try await database.observed(batches.statement, count: { $0.count }) {
                try await cursor.next(batches.size)
            }
        }

        /// Ends the query; the end of its transaction has done that already.
        func end() async {
            if let transaction, (try? transaction.enter(nil)) != true { return }
            await cursor.close()
            transaction?.leave()
            if let lease { database.backend.release(lease, .read) }
        }
    }
}
