import MartletORM

/// Rows in the text format of `COPY`.
///
/// Not the binary one: that must have each value in the very type of its column, which a statement only would find out,
/// and saves little; the text of every type is what PostgreSQL reads anyway.
///
/// Source: [PostgreSQL, COPY, Text Format](https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2).
enum CopyText {
    /// Adds a row.
    ///
    /// - Throws: ``ParameterBuffer/ZeroByte`` for a text with a zero byte.
    static func append(_ row: [SQLValue], to bytes: inout [UInt8]) throws {
        for (index, value) in row.enumerated() {
            if index > 0 { bytes.append(0x09) }
            if case .null = value {
                bytes += [0x5C, 0x4E]
            } else {
                try append(ParameterText.text(of: value, as: nil), to: &bytes)
            }
        }
        bytes.append(0x0A)
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) throws {
        for byte in text.utf8 {
            switch byte {
            case 0x00: throw ParameterBuffer.ZeroByte()
            case 0x5C: bytes += [0x5C, 0x5C]
            case 0x09: bytes += [0x5C, 0x74]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0x0D: bytes += [0x5C, 0x72]
            default: bytes.append(byte)
            }
        }
    }
}

extension PostgreSQLConnection {
    /// The least rows that are copied. Measured with libpq itself; the figures are in
    /// `Docs/orm-postgres.md`.
    static let fewestCopied = 1_000

    func insertMany(_ rows: [[SQLValue]], into table: String, columns: [String]) async throws -> Bool {
        guard rows.count >= Self.fewestCopied, !columns.isEmpty else { return false }
        let dialect = PostgreSQLDialect()
        let names = columns.map(dialect.quoted).joined(separator: ", ")
        let sql = "COPY \(dialect.quoted(table)) (\(names)) FROM STDIN"
        _ = try await inTurn(Statement(sql)) {
            var position = 0
            return try await copyIn(sql) {
                guard position < rows.count else { return nil }
                var bytes: [UInt8] = []
                while position < rows.count, bytes.count < 60_000 {
                    do {
                        try CopyText.append(rows[position], to: &bytes)
                    } catch let error as ParameterBuffer.ZeroByte {
                        let column = rows[position].firstIndex { Self.hasZeroByte($0) } ?? 0
                        throw DatabaseError(
                            .invalidValue, error.message(position: column + 1), sql: sql,
                            code: DatabaseError.nullCharacter)
                    }
                    position += 1
                }
                return bytes
            }
        }
        return true
    }

    private static func hasZeroByte(_ value: SQLValue) -> Bool {
        if case .text(let text) = value { return text.utf8.contains(0) }
        return false
    }
}
