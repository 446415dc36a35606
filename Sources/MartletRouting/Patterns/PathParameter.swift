public import FoundationEssentials

/// A type that a view can take from the path.
///
/// `String`, `Int`, `UUID` and ``ShortUUID`` are path parameters; so is an enum of strings that says so:
///
/// ```swift
/// enum Language: String, PathParameter { case en, de }
///
/// struct Year: PathParameter {
///     static let converters = [PathConverter("yyyy", bytes: .digits, length: 4...4)]
///     let number: Int
///     init?(pathSegment: Substring) {
///         guard let number = Int(pathSegment) else { return nil }
///         self.number = number
///     }
///     var pathSegment: String { String(number) }
/// }
///
/// path("<language>/archive/<yyyy:year>/", archive, name: "archive")
/// ```
///
/// Source: Django, [custom path
/// converters](https://docs.djangoproject.com/en/5.2/topics/http/urls/#registering-custom-path-converters).
public protocol PathParameter: Sendable {
    /// The converters whose matches this type can read. A name that is not among
    /// ``PathConverter/standard`` is known to the patterns of views that take this type.
    static var converters: [PathConverter] { get }

    /// Reads the part of the path that the converter has matched, percent-decoded.
    ///
    /// - Returns: `nil` when the text is no such value: then the pattern does not match, and the next one is tried.
    init?(pathSegment: Substring)

    /// The text that stands in the path for this value, before percent-encoding.
    var pathSegment: String { get }
}

extension PathParameter {
    /// `str` and `slug`.
    public static var converters: [PathConverter] { [.str, .slug] }
}

extension PathParameter where Self: RawRepresentable, RawValue == String {
    /// The case whose raw value is the text.
    public init?(pathSegment: Substring) {
        self.init(rawValue: String(pathSegment))
    }

    /// The raw value.
    public var pathSegment: String { rawValue }
}

/// A parameter that reads everything its converters match, so that a later pattern of the same form is never reached.
protocol TotalPathParameter: PathParameter {}

extension String: PathParameter, TotalPathParameter {
    /// `str`, `slug` and `path`.
    public static var converters: [PathConverter] { [.str, .slug, .path] }

    /// The text itself.
    public init?(pathSegment: Substring) {
        self.init(pathSegment)
    }

    /// The text itself.
    public var pathSegment: String { self }
}

extension Int: PathParameter, TotalPathParameter {
    /// `int`.
    public static var converters: [PathConverter] { [.int] }

    /// Reads decimal digits; a number that does not fit 64 bits is no match (404), where Django goes on with a larger
    /// integer and usually fails in the database.
    public init?(pathSegment: Substring) {
        guard let first = pathSegment.utf8.first, ByteClass.digits.contains(first) else { return nil }
        self.init(pathSegment)
    }

    /// Decimal digits; a negative number is refused by the converter when it is reversed.
    public var pathSegment: String { String(self) }
}

extension UUID: PathParameter, TotalPathParameter {
    /// `uuid`.
    public static var converters: [PathConverter] { [.uuid] }

    /// Reads the 36 characters of a UUID.
    public init?(pathSegment: Substring) {
        self.init(uuidString: String(pathSegment))
    }

    /// The UUID in lower case.
    public var pathSegment: String { uuidString.lowercased() }
}

/// A parameter that need not be there: the view takes `Int?` for a capture of ``rePath(_:_:name:reverse:file:line:)`` that
/// may take no part in a match.
protocol OptionalPathParameter: PathParameter {
    /// The value that stands for no text.
    static var absent: any PathParameter { get }
}

extension Optional: PathParameter where Wrapped: PathParameter {
    /// Those of the type itself.
    public static var converters: [PathConverter] { Wrapped.converters }

    /// Reads a text that is there; one that the type refuses is no match, and not `nil`.
    public init?(pathSegment: Substring) {
        guard let wrapped = Wrapped(pathSegment: pathSegment) else { return nil }
        self = .some(wrapped)
    }

    /// The text of the value, empty without one.
    public var pathSegment: String { self?.pathSegment ?? "" }
}

extension Optional: OptionalPathParameter where Wrapped: PathParameter {
    static var absent: any PathParameter { Self.none }
}
