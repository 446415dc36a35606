/// The words of a line of Swift, and how each stands there.
struct Words: RandomAccessCollection {
    struct Word {
        let text: String
        /// Where it stands.
        let range: Range<Int>
        /// `filter(` or `filter {`.
        let isCalled: Bool
        /// `.filter`, but not a column: `$0.x`, `\.x`.
        let isMember: Bool
        /// `using:`
        let isLabel: Bool

        /// Whether only a space lies between.
        func follows(_ other: Word) -> Bool { range.lowerBound == other.range.upperBound + 1 }
    }

    private var words: [Word] = []

    var startIndex: Int { words.startIndex }
    var endIndex: Int { words.endIndex }
    subscript(position: Int) -> Word { words[position] }

    init(_ line: String) {
        // A keyword in backticks is a name.
        let bytes = line.utf8.filter { $0 != UInt8(ascii: "`") }
        var index = 0
        while index < bytes.count {
            guard Self.isPart(bytes[index]) else {
                index += 1
                continue
            }
            var end = index
            while end < bytes.count, Self.isPart(bytes[end]) { end += 1 }
            if !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
                words.append(Self.word(bytes, index..<end))
            }
            index = end
        }
    }

    private static func word(_ bytes: [UInt8], _ range: Range<Int>) -> Word {
        let (before, behind) = (bytes[..<range.lowerBound], bytes[range.upperBound...])
        let isColumn = before.suffix(3).elementsEqual("$0.".utf8) || before.suffix(2).elementsEqual("\\.".utf8)
        let isCalled = behind.first == UInt8(ascii: "(") || behind.starts(with: " {".utf8)
        return Word(
            text: String(decoding: bytes[range], as: UTF8.self), range: range, isCalled: isCalled,
            isMember: before.last == UInt8(ascii: ".") && !isColumn,
            isLabel: behind.first == UInt8(ascii: ":"))
    }

    private static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
