extension JSON {
    /// Lays JSON out for people: each member and element on a line of its own, empty objects and arrays on one.
    ///
    /// - Parameters:
    ///   - bytes: One value of JSON; other bytes are laid out as far as they can be, and none is lost but blanks.
    ///   - width: How many spaces each level is set in.
    public static func indented(_ bytes: [UInt8], by width: Int = 2) -> [UInt8] {
        var layout = Indentation(width: max(width, 0))
        for byte in bytes { layout.add(byte) }
        return layout.bytes
    }
}

/// Copies JSON byte by byte, with line breaks between its parts.
private struct Indentation {
    let width: Int
    var bytes: [UInt8] = []
    private var level = 0
    private var isInString = false
    private var isEscaped = false
    /// An opening bracket stands last: whether a line break follows it depends on what comes.
    private var isOpened = false

    init(width: Int) {
        self.width = width
    }

    mutating func add(_ byte: UInt8) {
        if isInString { return addToString(byte) }
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D:
            return
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            open()
            bytes.append(byte)
            (isOpened, level) = (true, level + 1)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            level = max(0, level - 1)
            if !isOpened { breakLine() }
            isOpened = false
            bytes.append(byte)
        case UInt8(ascii: ","):
            bytes.append(byte)
            breakLine()
        case UInt8(ascii: ":"):
            bytes += [byte, 0x20]
        default:
            open()
            isInString = byte == UInt8(ascii: "\"")
            bytes.append(byte)
        }
    }

    private mutating func addToString(_ byte: UInt8) {
        bytes.append(byte)
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
        }
    }

    /// The first value within a bracket begins a line.
    private mutating func open() {
        if isOpened { breakLine() }
        isOpened = false
    }

    private mutating func breakLine() {
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: level * width))
    }
}
