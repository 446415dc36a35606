extension QuerySet {
    /// The rows one after the other, read some at a time.
    ///
    /// ```swift
    /// for try await post in Post.objects.order({ $0.id }).stream() { … }
    /// ```
    ///
    /// The next rows are read when they are asked for, so memory holds one batch however many rows there are. Outside a
    /// transaction the loop has a connection for itself until its end: behind the last row, at `break`, at an error, or when
    /// the task is cancelled. On PostgreSQL it is a cursor of the server, on SQLite a statement that has not ended, which
    /// keeps no writer waiting.
    ///
    /// - Parameter size: How many rows are read at once.
    ///
    /// Source: [Django, `iterator`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#iterator).
    public func stream(batch size: Int = 2_000) -> RowStream<M> {
        RowStream(batches: inBatches(of: size))
    }

    /// The rows in arrays of some; see ``stream(batch:)``. What `prefetch` asks for is loaded for each.
    ///
    /// - Parameter size: How many rows a batch has; the last one may have fewer, and none is empty.
    public func inBatches(of size: Int) -> ModelBatches<M> {
        ModelBatches(rows: self, size: size)
    }
}

/// The rows of a query set in batches: an asynchronous sequence of arrays. The query runs anew for each loop.
public struct ModelBatches<M: Model>: AsyncSequence, Sendable {
    /// One batch.
    public typealias Element = [M]
    /// What reading throws.
    public typealias Failure = any Error

    fileprivate let rows: QuerySet<M>
    fileprivate let size: Int

    /// Begins a loop; the query begins with the first batch, in the task and the transaction that ask for it.
    public func makeAsyncIterator() -> Iterator { Iterator(rows: rows, size: size) }

    /// The place of one loop.
    public struct Iterator: AsyncIteratorProtocol {
        /// One batch.
        public typealias Element = [M]
        /// What reading throws.
        public typealias Failure = any Error

        private let rows: QuerySet<M>
        private let size: Int
        private var reading: RowBatches<M>.Iterator?

        fileprivate init(rows: QuerySet<M>, size: Int) {
            self.rows = rows
            self.size = size
        }

        /// The next batch; `nil` behind the last.
        ///
        /// - Throws: ``ORMError/invalidQuery(_:)`` for a batch of no rows; ``DatabaseError``; ``DecodingProblem``. The query
        ///   has ended then.
        public mutating func next() async throws -> [M]? {
            if reading == nil { reading = try begin() }
            guard var models = try await reading?.next() else { return nil }
            if !rows.prefetches.isEmpty { try await rows.load(rows.prefetches, for: &models) }
            return models
        }

        /// The next batch; `nil` behind the last.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> [M]? {
            if reading == nil { reading = try begin() }
            guard var models = try await reading?.next(isolation: actor) else { return nil }
            if !rows.prefetches.isEmpty { try await rows.load(rows.prefetches, for: &models) }
            return models
        }

        private func begin() throws -> RowBatches<M>.Iterator? {
            guard size > 0 else {
                throw ORMError.invalidQuery("A batch of \(size) rows is no batch; use 1 or more.")
            }
            let query = rows.query
            let database = try Database.current(for: query, query.access)
            guard !query.isNone else { return nil }
            try query.checkLock(database)
            let (plan, table) = (rows.relatedColumns(), M.table)
            let statement = try database.select(query)
            let batches = database.batches(of: size, statement) { row in
                try table.decode(row, at: 0, related: plan)
            }
            return batches.makeAsyncIterator()
        }
    }
}

/// The rows of a query set one after the other: an asynchronous sequence. The query runs anew for each loop.
public struct RowStream<M: Model>: AsyncSequence, Sendable {
    /// One row.
    public typealias Element = M
    /// What reading throws.
    public typealias Failure = any Error

    fileprivate let batches: ModelBatches<M>

    /// Begins a loop; the query begins with the first row.
    public func makeAsyncIterator() -> Iterator { Iterator(batches: batches.makeAsyncIterator()) }

    /// The place of one loop.
    public struct Iterator: AsyncIteratorProtocol {
        /// One row.
        public typealias Element = M
        /// What reading throws.
        public typealias Failure = any Error

        private var batches: ModelBatches<M>.Iterator
        private var rows: [M] = []
        private var place = 0

        fileprivate init(batches: ModelBatches<M>.Iterator) {
            self.batches = batches
        }

        /// The next row; `nil` behind the last.
        ///
        /// - Throws: See ``ModelBatches/Iterator/next()``; `CancellationError` when the task is cancelled.
        public mutating func next() async throws -> M? {
            if place == rows.count {
                try Task.checkCancellation()
                guard let next = try await batches.next() else { return nil }
                (rows, place) = (next, 0)
            }
            defer { place += 1 }
            return rows[place]
        }

        /// The next row; `nil` behind the last.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> M? {
            if place == rows.count {
                try Task.checkCancellation()
                guard let next = try await batches.next(isolation: actor) else { return nil }
                (rows, place) = (next, 0)
            }
            defer { place += 1 }
            return rows[place]
        }
    }
}
