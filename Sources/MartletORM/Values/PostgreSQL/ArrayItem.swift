/// An element of an array in PostgreSQL's text form.
///
/// Source: [PostgreSQL, Array Input and Output Syntax](https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO).
public enum ArrayItem: Sendable, Hashable {
    /// No value.
    case null
    /// A value in its own text form.
    case text(String)
    /// An array in the array.
    case list([ArrayItem])

    /// Reads `{1,"two",NULL,{3}}`.
    ///
    /// - Returns: `nil` when the text is no array.
    public init?(_ text: String) {
        var reader = ArrayReader(bytes: Array(text.utf8))
        guard let item = reader.list(depth: 0), reader.isAtEnd else { return nil }
        self = item
    }

    /// The text form; every text is quoted, so that none is taken for null or for a bracket.
    public var text: String {
        var result = ""
        write(to: &result)
        return result
    }

    private func write(to result: inout String) {
        switch self {
        case .null: result += "NULL"
        case .text(let text):
            result += "\""
            for scalar in text.unicodeScalars {
                if scalar == "\"" || scalar == "\\" { result += "\\" }
                result.unicodeScalars.append(scalar)
            }
            result += "\""
        case .list(let items):
            result += "{"
            for (position, item) in items.enumerated() {
                if position > 0 { result += "," }
                item.write(to: &result)
            }
            result += "}"
        }
    }
}

/// Reads the text form of an array, byte by byte.
private struct ArrayReader {
    let bytes: [UInt8]
    var position = 0

    /// PostgreSQL allows six; a text from elsewhere shall not fill the stack.
    private let maximumDepth = 6

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position == bytes.count }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func list(depth: Int) -> ArrayItem? {
        // An array that does not begin at 1 says so in front: [2:3]={a,b}
        if depth == 0, next == UInt8(ascii: "["), let sign = bytes.firstIndex(of: UInt8(ascii: "=")) {
            position = sign + 1
        }
        guard depth < maximumDepth, take(UInt8(ascii: "{")) else { return nil }
        if take(UInt8(ascii: "}")) { return .list([]) }
        var items: [ArrayItem] = []
        repeat {
            guard let item = item(depth: depth) else { return nil }
            items.append(item)
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? .list(items) : nil
    }

    private mutating func item(depth: Int) -> ArrayItem? {
        switch next {
        case UInt8(ascii: "{"): return list(depth: depth + 1)
        case UInt8(ascii: "\""): return quoted()
        default: return bare()
        }
    }

    private mutating func quoted() -> ArrayItem? {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            if byte == UInt8(ascii: "\"") { return .text(String(decoding: text, as: UTF8.self)) }
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                continue
            }
            guard let escaped = next else { return nil }
            text.append(escaped)
            position += 1
        }
        return nil
    }

    private mutating func bare() -> ArrayItem? {
        let start = position
        while let byte = next, byte != UInt8(ascii: ","), byte != UInt8(ascii: "}") {
            guard byte != UInt8(ascii: "{"), byte != UInt8(ascii: "\"") else { return nil }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard !text.isEmpty else { return nil }
        return text == "NULL" ? .null : .text(text)
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }
}
