/// An entity tag: a name for one version of a representation.
///
/// ```swift
/// EntityTag("\"33a64df5\"")         // strong: the same bytes
/// EntityTag("W/\"33a64df5\"")       // weak: means the same
/// EntityTag(opaque: "33a64df5")
/// ```
///
/// Source: [RFC 9110 §8.8.3](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3).
public struct EntityTag: Sendable, Hashable, LosslessStringConvertible {
    /// What stands between the quotes.
    public let opaque: String

    /// Whether the tag only says that two versions mean the same, not that their bytes are the same.
    public let isWeak: Bool

    /// Makes a tag.
    ///
    /// - Parameter opaque: What is to stand between the quotes.
    /// - Returns: `nil` when `opaque` has a quote, a blank or a control character.
    public init?(opaque: String, isWeak: Bool = false) {
        guard opaque.utf8.allSatisfy(\.isEntityTagByte) else { return nil }
        self.init(unchecked: opaque, isWeak: isWeak)
    }

    /// Reads a tag as it stands in a header field, with its quotes.
    ///
    /// - Returns: `nil` when the text is no tag.
    public init?(_ description: String) {
        var rest = description[...]
        // A list may begin with commas and blanks; a tag may not.
        guard description.hasPrefix("\"") || description.hasPrefix("W/"), let tag = Self.first(in: &rest), rest.isEmpty
        else { return nil }
        self = tag
    }

    package init(unchecked opaque: String, isWeak: Bool = false) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// The tag with its quotes.
    public var description: String { (isWeak ? "W/\"" : "\"") + opaque + "\"" }

    /// Whether both name the same bytes: neither is weak.
    ///
    /// Source: [RFC 9110 §8.8.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2).
    public func isStronglyEqual(to other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && opaque == other.opaque
    }

    /// Whether both name the same version, weak or not.
    public func isWeaklyEqual(to other: EntityTag) -> Bool {
        opaque == other.opaque
    }

    /// Takes the tag that a list begins with, after commas and blanks; `nil` at the end, or where there is no tag.
    private static func first(in list: inout Substring) -> EntityTag? {
        var rest = list.utf8.drop { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: " ") || $0 == 0x09 }
        let isWeak = rest.starts(with: [UInt8(ascii: "W"), UInt8(ascii: "/")])
        if isWeak { rest = rest.dropFirst(2) }
        guard rest.first == UInt8(ascii: "\"") else { return nil }
        rest = rest.dropFirst()
        guard let end = rest.firstIndex(where: { !$0.isEntityTagByte }), rest[end] == UInt8(ascii: "\"") else {
            return nil
        }
        defer { list = Substring(rest[end...].dropFirst()) }
        return EntityTag(unchecked: String(Substring(rest[..<end])), isWeak: isWeak)
    }

    /// Whether fields such as `If-Match` name any version (`*`) or one for which `isWanted` holds.
    ///
    /// What follows something that is no tag is not read.
    static func any(in fields: [String], where isWanted: (EntityTag) -> Bool) -> Bool {
        fields.contains { field in
            if field.trimmingBlanks() == "*" { return true }
            var rest = field[...]
            while let tag = first(in: &rest) {
                if isWanted(tag) { return true }
            }
            return false
        }
    }
}

extension UInt8 {
    /// `etagc`: any visible character but the quote, and bytes beyond ASCII.
    fileprivate var isEntityTagByte: Bool {
        self == 0x21 || (0x23...0x7E).contains(self) || self >= 0x80
    }
}
