/// The way from the root of a value to one inside it; a list that shares its beginnings, so that going one step deeper
/// copies nothing.
final class CodingPath: Sendable {
    private let parent: CodingPath?
    private let key: any CodingKey

    init(_ parent: CodingPath?, _ key: any CodingKey) {
        self.parent = parent
        self.key = key
    }

    /// The keys from the root on.
    static func keys(_ path: CodingPath?) -> [any CodingKey] {
        var keys: [any CodingKey] = []
        var step = path
        while let here = step {
            keys.append(here.key)
            step = here.parent
        }
        return keys.reversed()
    }

    /// `$.tags[3].name`; a name that is no identifier stands in brackets and quotes.
    static func text(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "$") { text, key in
            if let index = key as? IndexKey {
                text += "[\(index.index)]"
            } else if isIdentifier(key.stringValue) {
                text += ".\(key.stringValue)"
            } else {
                text += "[\(key.stringValue.debugDescription)]"
            }
        }
    }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x5F
        }
    }
}

/// The place of an element of an array.
struct IndexKey: CodingKey {
    let index: Int

    init(_ index: Int) { self.index = index }
    init?(intValue: Int) { index = intValue }
    init?(stringValue: String) { return nil }

    var intValue: Int? { index }
    var stringValue: String { "Index \(index)" }
}

/// Any name.
struct NameKey: CodingKey {
    let stringValue: String

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }

    var intValue: Int? { nil }

    /// Where the part of a super class stands unless it says otherwise; Foundation has the same name.
    static let superKey = NameKey(stringValue: "super")
}
