import MartletValues

/// What a parameter of a URL pattern may look like: `<int:year>` names the converter `int`.
///
/// | name | matches | as a regular expression |
/// | --- | --- | --- |
/// | `str` (or no name) | a non-empty text without `/` | `[^/]+` |
/// | `int` | digits | `[0-9]+` |
/// | `slug` | letters, digits, `-`, `_` | `[-a-zA-Z0-9_]+` |
/// | `uuid` | a UUID in lower case | `[0-9a-f]{8}-[0-9a-f]{4}-…` |
/// | `path` | a non-empty text, `/` included | `.+` |
/// | `shortuuid` | 12 or 22 characters of the shortuuid alphabet | `[2-9A-HJ-NP-Za-km-z]{22}` or `{12}` |
///
/// A converter of your own belongs to a ``PathParameter`` type.
///
/// Source: Django, [path converters](https://docs.djangoproject.com/en/5.2/topics/http/urls/#path-converters).
public struct PathConverter: Sendable, Hashable {
    /// The name before the `:` in a pattern.
    public let name: String

    let bytes: ByteClass
    let length: ClosedRange<Int>
    let shape: Shape

    /// What the length and the bytes alone do not say.
    enum Shape {
        case any
        /// Dashes where a UUID has them.
        case uuid
        /// The longest or the shortest length, and none between them.
        case shortUUID
    }

    /// Makes a converter.
    ///
    /// - Parameters:
    ///   - name: The name before the `:` in a pattern.
    ///   - bytes: The bytes that it matches; any but `/` unless told.
    ///   - length: How many bytes it matches; one or more unless told. It always takes as many as it can.
    public init(_ name: String, bytes: ByteClass = .segment, length: ClosedRange<Int> = 1...Int.max) {
        self.init(name, bytes: bytes, length: length, shape: .any)
    }

    private init(_ name: String, bytes: ByteClass, length: ClosedRange<Int>, shape: Shape) {
        self.name = name
        self.bytes = bytes
        self.length = max(1, length.lowerBound)...max(1, length.upperBound)
        self.shape = shape
    }

    /// `<str:name>` or `<name>`.
    public static let str = PathConverter("str")
    /// `<int:name>`.
    public static let int = PathConverter("int", bytes: .digits)
    /// `<slug:name>`.
    public static let slug = PathConverter("slug", bytes: .slug)
    /// `<uuid:name>`.
    public static let uuid = PathConverter(
        "uuid", bytes: ByteClass("0123456789abcdef-"), length: 36...36, shape: .uuid)
    /// `<path:name>`.
    public static let path = PathConverter("path", bytes: .anything)
    /// `<shortuuid:name>`.
    public static let shortuuid = PathConverter(
        "shortuuid", bytes: ByteClass(ShortUUID.alphabet), length: ShortUUID.shortLength...ShortUUID.longLength,
        shape: .shortUUID)

    /// The converters that every pattern knows.
    public static let standard: [PathConverter] = [.str, .int, .slug, .uuid, .path, .shortuuid]

    /// Whether the converter matches the whole text.
    func matchesWhole(_ text: String) -> Bool {
        longestMatch(in: text.utf8Span.span, from: 0) == text.utf8.count
    }

    /// The end of the longest match that begins at `start`; `nil` when there is none.
    func longestMatch(in path: borrowing Span<UInt8>, from start: Int) -> Int? {
        let limit = length.upperBound < path.count - start ? start + length.upperBound : path.count
        var end = start
        while end < limit, bytes.contains(path[end]) { end += 1 }
        guard end - start >= length.lowerBound else { return nil }
        return switch shape {
        case .any: end
        case .uuid: Self.hasUUIDShape(path, from: start) ? end : nil
        case .shortUUID: end == start + length.upperBound ? end : start + length.lowerBound
        }
    }

    /// Whether 36 bytes of hexadecimal digits and `-` have the `-` where a UUID has them, and only there.
    private static func hasUUIDShape(_ path: borrowing Span<UInt8>, from start: Int) -> Bool {
        for offset in 0..<36 {
            let isDash = path[start + offset] == UInt8(ascii: "-")
            let wantsDash = offset == 8 || offset == 13 || offset == 18 || offset == 23
            if isDash != wantsDash { return false }
        }
        return true
    }
}
