import CPostgreSQL
import MartletORM

// Source: [libpq, Functions Associated with the COPY Command](https://www.postgresql.org/docs/current/libpq-copy.html).
extension PostgreSQLConnection {
    /// Runs `COPY … FROM STDIN`.
    ///
    /// - Parameter next: The next bytes; `nil` at the end. What it throws ends the copy, and nothing of it stays.
    /// - Returns: How many rows the server has taken.
    nonisolated(nonsending) func copyIn(
        _ sql: String, _ next: () async throws -> [UInt8]?
    ) async throws -> Int {
        try await beginNow()
        try await beginCopy(sql, PGRES_COPY_IN)
        do {
            while let bytes = try await next() {
                try Task.checkCancellation()
                try await put(bytes)
            }
            // A stream of a task that is cancelled just ends, and what has come until then is not all.
            try Task.checkCancellation()
        } catch let error as DatabaseError where error.kind == .connection {
            throw error
        } catch {
            try await endCopy("The source of the rows has failed.")
            await finishQuietly()
            throw error
        }
        try await endCopy(nil)
        let result = try await finish(sql)
        defer { PQclear(result) }
        return Self.changedRows(result)
    }

    /// Runs `COPY … TO STDOUT`.
    ///
    /// - Parameter receive: Takes some bytes; no more are read from the server until it has returned.
    nonisolated(nonsending) func copyOut(
        _ sql: String, _ receive: ([UInt8]) async throws -> Void
    ) async throws {
        try await beginNow()
        try await beginCopy(sql, PGRES_COPY_OUT)
        do {
            while let bytes = try await take() { try await receive(bytes) }
        } catch let error as DatabaseError where error.kind == .connection {
            throw error
        } catch {
            // The server ends at once, and what was on its way is thrown away.
            askToEnd()
            while try await take() != nil {}
            await finishQuietly()
            throw error
        }
        PQclear(try await finish(sql))
    }

    private nonisolated(nonsending) func beginCopy(_ sql: String, _ expected: ExecStatusType) async throws {
        try expectNews()
        guard PQsendQuery(pointer, sql) == 1 else { throw sendingFailed(sql) }
        try await flushAll()
        if PQisBusy(pointer) != 0 { try await untilResult() }
        guard let result = PQgetResult(pointer) else { throw lost() }
        if PQresultStatus(result) == expected {
            PQclear(result)
            return
        }
        if Self.isCopy(result) { throw copying(result, sql) }
        let isError = Self.isError(result)
        let error = isError ? ServerError(result, sql: sql) : nil
        PQclear(result)
        await finishQuietly()
        guard let error else {
            throw DatabaseError(.statement, "The statement is not the COPY that was expected.", sql: sql)
        }
        throw await catalog.complete(error)
    }

    private nonisolated(nonsending) func put(_ bytes: [UInt8]) async throws {
        // In pieces, so that libpq's buffer stays small.
        for start in stride(from: 0, to: bytes.count, by: 65_536) {
            let piece = bytes[start..<min(start + 65_536, bytes.count)]
            while true {
                let taken = piece.withUnsafeBytes { buffer in
                    PQputCopyData(
                        pointer, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
                }
                guard taken >= 0 else { throw lost() }
                try await flushAll()
                if taken == 1 { break }
            }
        }
    }

    private nonisolated(nonsending) func endCopy(_ problem: String?) async throws {
        while true {
            let ended = PQputCopyEnd(pointer, problem)
            guard ended >= 0 else { throw lost() }
            try await flushAll()
            if ended == 1 { return }
        }
    }

    /// The next bytes, whole rows of up to 64 KB; `nil` at the end.
    private nonisolated(nonsending) func take() async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < 65_536 {
            var row: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(pointer, &row, 1)
            if let row {
                bytes.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Int(count)))
                PQfreemem(row)
                continue
            }
            if count < 0 || !bytes.isEmpty { break }
            try await untilInput()
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// Takes the results behind the bytes: how it went.
    private nonisolated(nonsending) func finish(_ sql: String) async throws -> OpaquePointer {
        do {
            return try await remainingResult(sql)
        } catch let error as ServerError {
            throw await catalog.complete(error)
        }
    }

    private nonisolated(nonsending) func finishQuietly() async {
        if let result = try? await remainingResult("") { PQclear(result) }
    }
}
