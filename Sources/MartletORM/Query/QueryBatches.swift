/// What a query finds, in batches: an asynchronous sequence of arrays, none of which is empty. The query runs anew for each
/// loop.
public struct QueryBatches<Found: Sendable>: AsyncSequence, Sendable {
    /// One batch.
    public typealias Element = [Found]
    /// What reading throws.
    public typealias Failure = any Error

    /// Reads the next batch of a query that has begun.
    typealias Reading = @Sendable () async throws -> [Found]?

    private let size: Int
    /// Begins the query; `nil` for one that finds nothing without being asked.
    private let begin: @Sendable () throws -> Reading?

    /// What the rows of a query are read as.
    init(of size: Int, _ rows: @escaping @Sendable () throws -> RowBatches<Found>?) {
        self.init(of: size, rows) { $0 }
    }

    /// What is made of the rows of a query, a batch at a time, such as rows with those of their relations.
    init<Read>(
        of size: Int, _ rows: @escaping @Sendable () throws -> RowBatches<Read>?,
        completing complete: @escaping @Sendable ([Read]) async throws -> [Found]
    ) {
        self.size = size
        begin = {
            guard let place = try rows()?.makeAsyncIterator() else { return nil }
            return {
                // The place is that of an object: a copy goes on where this one stands.
                var place = place
                guard let read = try await place.next() else { return nil }
                return try await complete(read)
            }
        }
    }

    /// The same, one after the other.
    var stream: QueryStream<Found> { QueryStream(batches: self) }

    /// Begins a loop; the query begins with the first batch, in the task and the transaction that ask for it.
    public func makeAsyncIterator() -> Iterator { Iterator(batches: self) }

    /// The place of one loop.
    public struct Iterator: AsyncIteratorProtocol {
        /// One batch.
        public typealias Element = [Found]
        /// What reading throws.
        public typealias Failure = any Error

        private let batches: QueryBatches
        private var reading: Reading?

        fileprivate init(batches: QueryBatches) {
            self.batches = batches
        }

        /// The next batch; `nil` behind the last.
        ///
        /// - Throws: ``ORMError/invalidQuery(_:)`` for a batch of no rows; ``DatabaseError``; ``DecodingProblem``. The query
        ///   has ended then.
        public mutating func next() async throws -> [Found]? {
            if reading == nil { reading = try begin() }
            return try await reading?()
        }

        /// The next batch; `nil` behind the last.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> [Found]? {
            if reading == nil { reading = try begin() }
            return try await reading?()
        }

        private func begin() throws -> Reading? {
            guard batches.size > 0 else {
                throw ORMError.invalidQuery("A batch of \(batches.size) rows is no batch; use 1 or more.")
            }
            return try batches.begin()
        }
    }
}

/// What a query finds, one after the other: an asynchronous sequence. The query runs anew for each loop.
public struct QueryStream<Found: Sendable>: AsyncSequence, Sendable {
    /// One row, or what is read of it.
    public typealias Element = Found
    /// What reading throws.
    public typealias Failure = any Error

    fileprivate let batches: QueryBatches<Found>

    /// Begins a loop; the query begins with the first row.
    public func makeAsyncIterator() -> Iterator { Iterator(batches: batches.makeAsyncIterator()) }

    /// The place of one loop.
    public struct Iterator: AsyncIteratorProtocol {
        /// One row, or what is read of it.
        public typealias Element = Found
        /// What reading throws.
        public typealias Failure = any Error

        private var batches: QueryBatches<Found>.Iterator
        private var found: [Found] = []
        private var place = 0

        fileprivate init(batches: QueryBatches<Found>.Iterator) {
            self.batches = batches
        }

        /// The next one; `nil` behind the last.
        ///
        /// - Throws: See ``QueryBatches/Iterator/next()``; `CancellationError` when the task is cancelled.
        public mutating func next() async throws -> Found? {
            if place == found.count {
                try Task.checkCancellation()
                guard let next = try await batches.next() else { return nil }
                (found, place) = (next, 0)
            }
            defer { place += 1 }
            return found[place]
        }

        /// The next one; `nil` behind the last.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Found? {
            if place == found.count {
                try Task.checkCancellation()
                guard let next = try await batches.next(isolation: actor) else { return nil }
                (found, place) = (next, 0)
            }
            defer { place += 1 }
            return found[place]
        }
    }
}
