import FoundationEssentials

/// Reads one row into a `Decodable` type: an object whose members are columns.
struct RowDecoder: Decoder {
    private let row: any Row
    private let places: [String: Int]

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(_ row: any Row) {
        self.row = row
        var places: [String: Int] = [:]
        for index in (0..<row.count).reversed() { places[row.columnName(at: index)] = index }
        self.places = places
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Members(row: row, places: places))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw DecodingError.dataCorrupted(
            .init(codingPath: [], debugDescription: "A row is read by the names of its columns, not as a list."))
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        guard row.count == 1 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: [], debugDescription: "A single value is read from one column; there are \(row.count).")
            )
        }
        return Column(row: row, place: 0, codingPath: [])
    }

    /// The columns of the row.
    private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let row: any Row
        let places: [String: Int]
        let codingPath: [any CodingKey] = []

        var allKeys: [Key] { places.keys.compactMap(Key.init(stringValue:)) }

        private func place(_ key: Key) -> Int? {
            places[key.stringValue] ?? places[snakeCased(key.stringValue)]
        }

        private func column(_ key: Key) throws -> Column {
            guard let place = place(key) else {
                throw DecodingError.keyNotFound(
                    key, .init(codingPath: [], debugDescription: "The result has no column '\(key.stringValue)'."))
            }
            return Column(row: row, place: place, codingPath: [key])
        }

        func contains(_ key: Key) -> Bool { place(key) != nil }

        func decodeNil(forKey key: Key) throws -> Bool { try column(key).decodeNil() }

        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try column(key).decode(type) }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            throw DecodingError.typeMismatch(type, .init(codingPath: [key], debugDescription: "A column is no object."))
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            throw DecodingError.typeMismatch(
                [Any].self, .init(codingPath: [key], debugDescription: "A column is no list."))
        }

        func superDecoder() throws -> any Decoder { RowDecoder(row) }

        func superDecoder(forKey key: Key) throws -> any Decoder { try column(key) }
    }

    /// One column.
    private struct Column: SingleValueDecodingContainer, Decoder {
        let row: any Row
        let place: Int
        let codingPath: [any CodingKey]
        var userInfo: [CodingUserInfoKey: Any] { [:] }

        func decodeNil() -> Bool { row.isNull(at: place) }

        func decode<T: Decodable>(_ type: T.Type) throws -> T {
            do {
                if let known = try value(of: type) {
                    guard let value = known as? T else { throw mismatch(type) }
                    return value
                }
            } catch let problem as DecodingProblem {
                throw DecodingError.typeMismatch(
                    type, .init(codingPath: codingPath, debugDescription: problem.description))
            }
            return try T(from: self)
        }

        /// The value of a type that fields have, or of an integer of another width; `nil` for other types.
        private func value<T>(of type: T.Type) throws -> Any? {
            if let integer = type as? any FixedWidthInteger.Type { return try number(integer) }
            if type == Float.self { return Float(try row.real(at: place)) }
            if let field = type as? any FieldValue.Type { return try field.decode(from: row, at: place) }
            return nil
        }

        private func number<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
            let wide = try row.integer(at: place)
            guard let number = Number(exactly: wide) else {
                throw DecodingProblem(column: row.columnName(at: place), expected: "\(type)", found: "\(wide)")
            }
            return number
        }

        private func mismatch(_ type: any Any.Type) -> DecodingError {
            .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "The column is no \(type)."))
        }

        func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
            throw mismatch(type)
        }

        func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw mismatch([Any].self) }

        func singleValueContainer() -> any SingleValueDecodingContainer { self }
    }
}
