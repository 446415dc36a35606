/// The columns that the values of a statement are for, as far as its text tells: to know which of them are secrets.
struct ParameterNames {
    /// The names beside each placeholder, by its place from 0.
    private(set) var names: [Int: Set<String>] = [:]

    private var rest: Substring.UTF8View
    /// The last name that stands before what is read.
    private var last = ""
    private var next = 0
    private var depth = 0
    /// The columns of an `INSERT`, once its list has begun, and the one whose value is read.
    private var columns: [String] = []
    private var column = 0
    private var phase = Phase.elsewhere

    private enum Phase {
        case elsewhere, insert, columns, values
    }

    init(_ sql: String) {
        rest = sql[...].utf8
        while let byte = rest.first { read(byte) }
    }

    /// The names of one value; none where the text does not tell.
    subscript(place: Int) -> Set<String> { names[place] ?? [] }

    private mutating func read(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "`"): take(name: quoted(byte))
        case UInt8(ascii: "'"): _ = quoted(byte)
        case UInt8(ascii: "?"), UInt8(ascii: "$"): placeholder()
        case UInt8(ascii: "("): open()
        case UInt8(ascii: ")"): close()
        case UInt8(ascii: ","):
            rest.removeFirst()
            if phase == .values, depth == 1 { column += 1 }
        case _ where Self.isWord(byte): word()
        default: rest.removeFirst()
        }
    }

    private mutating func quoted(_ quote: UInt8) -> String {
        rest.removeFirst()
        let text = rest.prefix { $0 != quote }
        rest = rest.dropFirst(text.count + 1)
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func placeholder() {
        let sign = rest.removeFirst()
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        if sign == UInt8(ascii: "$"), digits.isEmpty { return }
        // No database takes so many that seven digits are needed.
        let number = digits.count < 7 ? Int(String(decoding: digits, as: UTF8.self)) : nil
        let place = number.map { max(0, $0 - 1) } ?? next
        next = max(next, place) + 1
        let name = phase == .values && column < columns.count ? columns[column] : last
        if !name.isEmpty { names[place, default: []].insert(name) }
    }

    private mutating func open() {
        rest.removeFirst()
        depth += 1
        if phase == .insert { phase = .columns }
        if phase == .values, depth == 1 { column = 0 }
    }

    private mutating func close() {
        rest.removeFirst()
        depth -= 1
        if phase == .columns { phase = .elsewhere }
    }

    private mutating func word() {
        let text = rest.prefix(while: Self.isWord)
        rest = rest.dropFirst(text.count)
        let word = String(decoding: text, as: UTF8.self)
        switch word.uppercased() {
        case "INSERT": phase = .insert
        case "VALUES": phase = columns.isEmpty ? phase : .values
        case "ON", "RETURNING", "SELECT", "WHERE": if phase != .columns { phase = .elsewhere }
        case let upper where Self.keywords.contains(upper): break
        default: take(name: word)
        }
    }

    private mutating func take(name: String) {
        last = name
        if phase == .columns { columns.append(name) }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F || byte >= 0x80
    }

    private static let keywords: Set<String> = [
        "AND", "OR", "NOT", "IN", "LIKE", "ILIKE", "IS", "BETWEEN", "SET", "ANY", "ALL", "ESCAPE", "CASE", "WHEN",
        "THEN",
        "ELSE", "END", "CAST", "AS", "INTO", "UPPER", "LOWER", "COALESCE", "DISTINCT", "FROM", "COLLATE",
    ]
}
