/// What a statement is like, whatever its values are: `… WHERE id IN ($1, $2)` and `… IN ($1, $2, $3)` have one shape.
package enum StatementShape {
    /// The shape of a statement that reads or writes rows.
    ///
    /// - Returns: `nil` for others, such as `BEGIN`, which say nothing when they come often.
    package static func of(_ sql: String) -> String? {
        let word = sql.utf8.prefix { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
        switch String(decoding: word, as: UTF8.self).uppercased() {
        case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH": return withoutPlaces(sql)
        default: return nil
        }
    }

    /// Placeholders without numbers, and several in a row as one.
    private static func withoutPlaces(_ sql: String) -> String {
        var shape: [UInt8] = []
        shape.reserveCapacity(sql.utf8.count)
        var quote: UInt8?
        var bytes = Array(sql.utf8)[...]
        while let byte = bytes.popFirst() {
            if let open = quote {
                if byte == open { quote = nil }
                shape.append(byte)
            } else if byte == 0x3F || byte == 0x24 && bytes.first.map(isDigit) == true {
                bytes = bytes.drop(while: isDigit)
                appendPlace(to: &shape)
            } else {
                if byte == 0x22 || byte == 0x27 { quote = byte }
                shape.append(byte)
            }
        }
        return String(decoding: shape, as: UTF8.self)
    }

    private static func appendPlace(to shape: inout [UInt8]) {
        var end = shape.endIndex
        while end > 0, shape[end - 1] == 0x20 { end -= 1 }
        if end > 1, shape[end - 1] == 0x2C, shape[end - 2] == 0x3F {
            shape.removeSubrange((end - 1)...)
        } else {
            shape.append(0x3F)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
