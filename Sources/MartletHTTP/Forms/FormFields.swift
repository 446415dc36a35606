/// The fields of a query or a form, in order, with repeats kept.
///
/// ```swift
/// let page = try request.query.int("page", default: 1)
/// let tags = request.query.all("tag")
/// let title = try await request.form().require("title")
/// let status = try request.query.choice("status", of: Post.Status.self)
/// ```
///
/// Where a name stands twice, `fields["name"]` is the last value, as in Django's `QueryDict`; ``all(_:)`` has every
/// one. The files of a form are in ``files``.
///
/// Source: [URL Standard, urlencoded parsing](https://url.spec.whatwg.org/#urlencoded-parsing).
public struct FormFields: Sendable, Sequence {
    /// Where fields come from; error messages say it.
    public enum Origin: String, Sendable {
        /// The part of the URL behind `?`.
        case query = "query parameter"
        /// The content of the request.
        case form = "form field"
    }

    /// One field, decoded.
    public struct Field: Sendable, Hashable {
        /// The name; empty where the text begins with `=`.
        public let name: String
        /// The value; empty where there is none.
        public let value: String
    }

    private let fields: [Field]
    let origin: Origin

    /// The files that came with a multipart form; none with a query or another form.
    public let files: FormFiles

    /// Makes fields that are decoded already.
    public init(_ fields: [Field] = [], origin: Origin = .form, files: FormFiles = FormFiles()) {
        self.fields = fields
        self.origin = origin
        self.files = files
    }

    /// Reads `name=value` pairs joined by `&`.
    package init(parsing text: Substring.UTF8View, origin: Origin) {
        let parts = text.split(separator: UInt8(ascii: "&"))
        self.init(parts.map(Field.init(parsing:)), origin: origin)
    }

    /// The last value of a name; `nil` when it is absent.
    public subscript(_ name: String) -> String? {
        fields.last { $0.name == name }?.value
    }

    /// All values of a name, in order.
    public func all(_ name: String) -> [String] {
        fields.compactMap { $0.name == name ? $0.value : nil }
    }

    /// Whether a name is present.
    public func contains(_ name: String) -> Bool {
        fields.contains { $0.name == name }
    }

    /// How many fields there are, repeats counted.
    public var count: Int { fields.count }

    /// Whether there is no field.
    public var isEmpty: Bool { fields.isEmpty }

    /// Iterates over the fields in order.
    public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }
}

extension FormFields.Field {
    fileprivate init(parsing text: Substring.UTF8View) {
        let equals = text.firstIndex(of: UInt8(ascii: "=")) ?? text.endIndex
        name = PercentCoding.decode(text[..<equals], plusIsSpace: true)
        value = PercentCoding.decode(text[equals...].dropFirst(), plusIsSpace: true)
    }
}

extension Request {
    /// The fields of the query.
    ///
    /// Decoded on every access: keep it in a variable to use it often. Bytes that are no UTF-8 become U+FFFD, and a
    /// `%` without two hexadecimal digits stays, as in Django; the server bounds the length of the query.
    public var query: FormFields {
        FormFields(parsing: queryString[...].utf8, origin: .query)
    }
}
