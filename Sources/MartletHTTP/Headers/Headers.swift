/// The header fields of a request or a response, in order, with repeats kept.
///
/// ```swift
/// let agent = request.headers[.userAgent]
/// try response.headers.set(.location, "/posts/")
/// ```
///
/// A value that has a CR, LF, NUL or another control character is refused where it is set, so no header can ever
/// be split into two.
///
/// Source: [RFC 9110 §5](https://www.rfc-editor.org/rfc/rfc9110#section-5).
public struct Headers: Sendable, Sequence {
    /// One field line.
    public struct Field: Sendable, Hashable {
        /// The field's name.
        public let name: HeaderName
        /// The field's value, without leading and trailing white space.
        public let value: String

        /// Makes a field whose value is known to be legal.
        package init(name: HeaderName, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// A request's fields stay as they came until someone changes them.
    private enum Storage: Sendable {
        case list([Field])
        case block(HeaderBlock)
    }

    private var storage: Storage

    /// The fields as a list; writing turns a block into one.
    private var fields: [Field] {
        get {
            switch storage {
            case .list(let fields): fields
            case .block(let block): block.fields()
            }
        }
        _modify {
            var list = fields
            // The list must be held once only, or appending would copy it.
            storage = .list([])
            defer { storage = .list(list) }
            yield &list
        }
    }

    /// Makes an empty list.
    public init() {
        storage = .list([])
    }

    /// Makes the fields of a request from bytes the parser has checked.
    package init(_ block: HeaderBlock) {
        storage = .block(block)
    }

    /// Makes a list from names and values, as tests write them.
    ///
    /// - Throws: ``HeaderError`` for a name that is no token or a value with a control character.
    public init(_ pairs: KeyValuePairs<String, String>) throws(HeaderError) {
        storage = .list([])
        for (name, value) in pairs {
            guard let name = HeaderName(name) else { throw HeaderError.illegalName(name) }
            try add(name, value)
        }
    }

    /// How many field lines there are.
    public var count: Int {
        switch storage {
        case .list(let fields): fields.count
        case .block(let block): block.count
        }
    }

    /// Whether there is no field.
    public var isEmpty: Bool { count == 0 }

    /// Iterates over the field lines in order.
    public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

    /// The value of the first field of that name.
    public subscript(_ name: HeaderName) -> String? {
        switch storage {
        case .list(let fields): fields.first { $0.name == name }?.value
        case .block(let block): block.first(name)
        }
    }

    /// The values of all fields of that name, in order.
    public func values(_ name: HeaderName) -> [String] {
        switch storage {
        case .list(let fields): fields.compactMap { $0.name == name ? $0.value : nil }
        case .block(let block): block.all(name)
        }
    }

    /// What stands between the commas of all fields of that name, without blanks around it (RFC 9110 §5.6.1).
    package func listElements(_ name: HeaderName) -> [String] {
        values(name).flatMap { $0.split(at: ",").map { $0.trimmingBlanks() } }
    }

    /// Whether a field of that name is present.
    public func contains(_ name: HeaderName) -> Bool {
        switch storage {
        case .list(let fields): fields.contains { $0.name == name }
        case .block(let block): block.contains(name)
        }
    }

    /// Replaces all fields of that name by one.
    ///
    /// - Throws: ``HeaderError/illegalValue(name:)`` when `value` has a control character.
    public mutating func set(_ name: HeaderName, _ value: String) throws(HeaderError) {
        try Self.check(name, value)
        setUnchecked(name, value)
    }

    /// Appends a field and keeps those of the same name, as `Set-Cookie` needs.
    ///
    /// - Throws: ``HeaderError/illegalValue(name:)`` when `value` has a control character.
    public mutating func add(_ name: HeaderName, _ value: String) throws(HeaderError) {
        try Self.check(name, value)
        fields.append(Field(name: name, value: value))
    }

    /// Removes all fields of that name.
    public mutating func remove(_ name: HeaderName) {
        fields.removeAll { $0.name == name }
    }

    /// Adds names to `Vary`, each once.
    ///
    /// Source: [RFC 9110 §12.5.5](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5).
    public mutating func addVary(_ names: HeaderName...) {
        let present = listElements(.vary)
        guard !present.contains("*") else { return }
        let known = Set(present.map { $0.lowercased() })
        let new = names.filter { !known.contains($0.canonicalName) }.map(\.rawName)
        if !new.isEmpty {
            setUnchecked(.vary, (present + new).joined(separator: ", "))
        }
    }

    /// Replaces a field by a value that is known to be legal.
    package mutating func setUnchecked(_ name: HeaderName, _ value: String) {
        let field = Field(name: name, value: value)
        guard let first = fields.firstIndex(where: { $0.name == name }) else {
            fields.append(field)
            return
        }
        fields[first] = field
        if let second = fields[(first + 1)...].firstIndex(where: { $0.name == name }) {
            fields[second...].removeAll { $0.name == name }
        }
    }

    /// Appends a field whose bytes the parser has checked.
    package mutating func addUnchecked(_ name: HeaderName, _ value: String) {
        fields.append(Field(name: name, value: value))
    }

    /// Appends fields, but for those whose names are there already.
    package mutating func addMissing(_ defaults: [Field]) {
        // One look at the list for each name, and no list written anew when nothing is missing.
        for field in defaults where !contains(field.name) { fields.append(field) }
    }

    private static func check(_ name: HeaderName, _ value: String) throws(HeaderError) {
        var value = value
        guard value.withUTF8({ $0.allSatisfy(\.isFieldValueByte) }) else {
            throw HeaderError.illegalValue(name: name)
        }
    }
}

extension StringProtocol {
    /// The text without leading and trailing spaces and tabs (`OWS` of RFC 9110 §5.6.3).
    package func trimmingBlanks() -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        var bytes = Substring(self).utf8.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return String(Substring(bytes))
    }

    /// The parts between bytes of one value.
    ///
    /// `split` goes by characters, and a comma with a mark behind it, or with a letter before it that joins what follows, is
    /// one character that is no comma: whoever writes such text would hide where a part ends.
    package func split(
        at separator: Unicode.Scalar, maxSplits: Int = .max, omittingEmptySubsequences: Bool = true
    ) -> [Substring] {
        let parts = Substring(self).utf8.split(
            separator: UInt8(ascii: separator), maxSplits: maxSplits,
            omittingEmptySubsequences: omittingEmptySubsequences)
        return parts.map { Substring($0) }
    }
}

/// Why a header field was refused.
public enum HeaderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name is empty or has a byte that no token has.
    case illegalName(String)
    /// The value has a CR, LF, NUL or another control character; sent, it would split the header.
    case illegalValue(name: HeaderName)

    /// What was wrong, and what to do.
    public var description: String {
        switch self {
        case .illegalName(let name):
            "'\(name.debugDescription)' is not a header name. Use letters, digits and '-'."
        case .illegalValue(let name):
            "The value for '\(name)' has a control character (a line break would split the header). "
                + "Encode or remove it before setting the header."
        }
    }
}
