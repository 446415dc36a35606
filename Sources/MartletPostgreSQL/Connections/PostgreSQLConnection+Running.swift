import CPostgreSQL
import MartletIO
import MartletORM

extension PostgreSQLConnection {
    /// Runs a statement to its end.
    ///
    /// - Returns: The result, which the caller clears.
    nonisolated(nonsending) func run(_ statement: Statement) async throws -> OpaquePointer {
        guard isNamed, statement.parameters.count <= Self.mostDescribed else { return try await runUnnamed(statement) }
        do {
            return try await runPrepared(statement)
        } catch let error as StaleStatement {
            // A table has changed since the statement was prepared. In a transaction the server has given up already.
            guard lane.isOpen || PQtransactionStatus(pointer) == PQTRANS_IDLE else { throw error.cause }
            return try await runAnew(statement)
        } catch is ParameterBuffer.TooWide {
            return try await runAnew(statement, wide: true)
        }
    }

    /// Runs a statement for the last time: whatever is wrong then is told.
    private nonisolated(nonsending) func runAnew(
        _ statement: Statement, wide: Bool = false
    ) async throws -> OpaquePointer {
        do {
            return try await runPrepared(statement, wide: wide)
        } catch let error as StaleStatement {
            throw error.cause
        } catch is ParameterBuffer.TooWide where !wide {
            return try await runAnew(statement, wide: true)
        }
    }

    /// libpq of PostgreSQL 15 loses its place in a description of more than 30,000 bytes, four for each parameter. A
    /// statement of so many values is not worth keeping either.
    static let mostDescribed = 7_000

    /// An error of a prepared statement that another preparation mends.
    private struct StaleStatement: Error {
        let cause: DatabaseError
    }

    private nonisolated(nonsending) func runPrepared(_ statement: Statement, wide: Bool = false) async throws
        -> OpaquePointer
    {
        let prepared = try await prepared(statement.sql, wide: wide)
        try bind(statement, to: prepared.parameterTypes)
        // Nothing was under way that a request could end while the statement was prepared.
        try Task.checkCancellation()
        if hasAskedToEnd { throw CancellationError() }
        do {
            let result = try await exchange(statement.sql) {
                parameters.withPointers { count, values, lengths, formats in
                    PQsendQueryPrepared(
                        pointer, prepared.name, count, values, lengths, formats, prepared.isBinary ? 1 : 0)
                }
            }
            prepared.note(nanoseconds: lastTime)
            return result
        } catch let error as ServerError where error.state == "0A000" || error.state == "26000" {
            statements.remove(prepared, for: Self.key(statement.sql, wide: wide))
            throw StaleStatement(cause: error.databaseError)
        } catch let error as ServerError {
            throw await catalog.complete(error)
        }
    }

    static func key(_ sql: String, wide: Bool) -> String { wide ? sql + "\u{0}wide" : sql }

    /// The statement as the server keeps it for this connection.
    nonisolated(nonsending) func prepared(_ sql: String, wide: Bool) async throws -> PreparedStatement {
        let key = Self.key(sql, wide: wide)
        while true {
            // Found last and at once: another task that shares the connection may push out what this one has prepared.
            if let found = statements.find(key) { return found }
            let prepared = try await prepare(sql, wide: wide)
            if let evicted = statements.insert(prepared, for: key) { try await deallocate(evicted) }
        }
    }

    /// Sends everything at once and lets the server find out the types; all values travel as text.
    private nonisolated(nonsending) func runUnnamed(_ statement: Statement) async throws -> OpaquePointer {
        try bind(statement, to: nil)
        do {
            return try await exchange(statement.sql) {
                parameters.withPointers { count, values, lengths, formats in
                    PQsendQueryParams(pointer, statement.sql, count, nil, values, lengths, formats, 0)
                }
            }
        } catch let error as ServerError {
            throw await catalog.complete(error)
        }
    }

    /// Runs a statement without values that is not kept.
    ///
    /// - Parameter isBinary: Whether its rows come in binary form.
    nonisolated(nonsending) func runOnce(_ sql: String, isBinary: Bool = false) async throws -> OpaquePointer {
        do {
            return try await exchange(sql) {
                PQsendQueryParams(pointer, sql, 0, nil, nil, nil, nil, isBinary ? 1 : 0)
            }
        } catch let error as ServerError {
            throw await catalog.complete(error)
        }
    }

    func bind(_ statement: Statement, to types: [Oid]?) throws {
        if let types, types.count != statement.parameters.count {
            throw DatabaseError(
                .statement, "\(types.count) values are needed and \(statement.parameters.count) were given.",
                sql: statement.sql)
        }
        parameters.reset()
        for (index, value) in statement.parameters.enumerated() {
            do {
                try parameters.append(value, as: types?[index])
            } catch let error as ParameterBuffer.Unstorable {
                throw DatabaseError(.invalidValue, error.message, sql: statement.sql)
            } catch let error as ParameterBuffer.ZeroByte {
                throw DatabaseError(
                    .invalidValue, error.message(position: index + 1), sql: statement.sql,
                    code: DatabaseError.nullCharacter)
            }
        }
    }

    // MARK: Preparing

    /// Prepares a statement and asks what it takes and returns; PostgreSQL infers the types from the columns.
    ///
    /// - Parameter wide: Whether parameters for smaller integers are declared as 64-bit ones: a value that does not fit
    ///   the column then compares as a number, and matches nothing, instead of being refused.
    private nonisolated(nonsending) func prepare(_ sql: String, wide: Bool) async throws -> PreparedStatement {
        do {
            let name = statements.newName()
            try await parse(sql, as: name, types: [])
            var prepared = try await describe(name, sql)
            guard wide else { return prepared }
            try await deallocate(prepared)
            let types = prepared.parameterTypes.map { $0 == .int2 || $0 == .int4 ? Oid.int8 : $0 }
            try await parse(sql, as: name, types: types)
            prepared = try await describe(name, sql)
            return prepared
        } catch let error as ServerError {
            throw await catalog.complete(error)
        }
    }

    private nonisolated(nonsending) func parse(_ sql: String, as name: String, types: [Oid]) async throws {
        PQclear(try await exchange(sql) { PQsendPrepare(pointer, name, sql, Int32(types.count), types) })
    }

    private nonisolated(nonsending) func describe(_ name: String, _ sql: String) async throws -> PreparedStatement {
        let result = try await exchange(sql) { PQsendDescribePrepared(pointer, name) }
        defer { PQclear(result) }
        let columns = (0..<PQnfields(result)).map { PQftype(result, $0) }
        return PreparedStatement(
            name: name, parameterTypes: (0..<PQnparams(result)).map { PQparamtype(result, $0) },
            // One format for all columns; a type that has no binary decoder makes it text.
            isBinary: columns.allSatisfy(\.hasBinaryDecoder), effect: NeighbourEffect(of: sql))
    }

    private nonisolated(nonsending) func deallocate(_ statement: PreparedStatement) async throws {
        do {
            PQclear(
                try await exchange("DEALLOCATE") {
                    PQsendQueryParams(pointer, "DEALLOCATE \(statement.name)", 0, nil, nil, nil, nil, 0)
                })
        } catch let error as ServerError {
            throw await catalog.complete(error)
        }
    }

    // MARK: Sending and receiving

    /// Sends something and takes its results: the first one, or the error among them.
    nonisolated(nonsending) func exchange(_ sql: String, _ send: () -> Int32) async throws -> OpaquePointer {
        if lane.isOpen { return try await lane.exchange(sql, send) }
        if let begin = pendingBegin { return try await exchangeBehindBegin(begin, sql, send) }
        try expectNews()
        guard send() == 1 else { throw sendingFailed(sql) }
        let start = worker.now
        try await flushAll()
        let result = try await remainingResult(sql)
        lastTime = worker.now.nanoseconds &- start.nanoseconds
        return result
    }

    /// Takes what is left of the results: the first one, or the error among them.
    nonisolated(nonsending) func remainingResult(_ sql: String) async throws -> OpaquePointer {
        var kept: OpaquePointer?
        while true {
            if PQisBusy(pointer) != 0 { try await untilResult(keeping: kept) }
            guard let result = PQgetResult(pointer) else { break }
            if let earlier = kept, !Self.isError(result) {
                PQclear(result)
                kept = earlier
            } else {
                PQclear(kept)
                kept = result
            }
            if Self.isCopy(result) { throw copying(kept, sql) }
        }
        guard let result = kept else { throw lost() }
        guard Self.isError(result) else { return result }
        defer { PQclear(result) }
        throw ServerError(result, sql: sql)
    }

    /// Waits for the next result; clears the one that is kept when there will be none.
    private nonisolated(nonsending) func untilResult(keeping kept: OpaquePointer?) async throws {
        do {
            try await untilResult()
        } catch {
            // The server's last words, such as why it ends the connection, are worth more than that it has ended.
            guard let kept, Self.isError(kept) else {
                PQclear(kept)
                throw error
            }
            defer { PQclear(kept) }
            throw ServerError(kept, sql: nil)
        }
    }

    static func isError(_ result: OpaquePointer) -> Bool {
        let status = PQresultStatus(result)
        return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_EMPTY_QUERY
    }

    static func isCopy(_ result: OpaquePointer) -> Bool {
        let status = PQresultStatus(result)
        return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH
    }

    /// A statement that libpq does not even send leaves the connection as it was, unless that has ended.
    func sendingFailed(_ sql: String) -> DatabaseError {
        guard PQstatus(pointer) == CONNECTION_OK else { return lost() }
        return DatabaseError(.statement, PostgreSQLError.message(of: pointer), sql: sql)
    }

    /// A copy would have to be carried through before anything else can be asked; the connection is given up.
    func copying(_ result: OpaquePointer?, _ sql: String) -> DatabaseError {
        PQclear(result)
        _ = lost()
        return DatabaseError(.statement, "COPY from or to the client is not a statement that returns.", sql: sql)
    }
}
