public import MartletHTTP

/// A request as reports and the debug page tell it: no secret, no content beyond the fields of its form, and no more of
/// what the client has sent than a report can carry.
public struct RequestSummary: Sendable, Hashable {
    /// A name with its value.
    public struct Field: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The value, or `[hidden]`.
        public let value: String
    }

    /// The method.
    public let method: String

    /// The whole address, without its query.
    public let url: String

    /// The path, percent-decoded.
    public let path: String

    /// The fields of the query.
    public let query: [Field]

    /// The header fields, without `Cookie`. A `Referer` has lost its query.
    public let headers: [Field]

    /// The cookies.
    public let cookies: [Field]

    /// The fields of the form; empty where it was not read.
    public let form: [Field]

    /// The address of the client.
    public let clientAddress: String

    /// Takes from a request what may be told.
    public init(_ request: Request) {
        method = request.method.rawValue
        path = request.path
        let host = (try? request.host)?.description ?? "unknown-host"
        url = "\(request.scheme)://\(host)\(PathEncoding.encode(request.path))"
        query = Self.bounded(request.query.map(Self.field))
        let headers = request.headers.filter { $0.name != .cookie }.map { field in
            let value = field.name == .referer ? Self.withoutQuery(field.value) : field.value
            return Field(
                name: field.name.description, value: HiddenNames.shown(value, under: field.name.description))
        }
        self.headers = Self.bounded(headers)
        cookies = Self.bounded(
            request.cookies.map { Field(name: $0.name, value: Self.shownCookie($0.name, $0.value)) })
        form = Self.bounded((request.formInMemory ?? FormFields()).map(Self.field))
        clientAddress = request.clientAddress
    }

    /// The query as it stands in an address, with what is hidden hidden.
    public var queryString: String {
        query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    private static func field(_ field: FormFields.Field) -> Field {
        Field(name: field.name, value: HiddenNames.shown(field.value, under: field.name))
    }

    /// The most bytes of one kind of fields that are told, and of a single name or value: receivers refuse what is too
    /// long, and a client could keep an error from being told.
    private static let (fieldsLimit, textLimit) = (32_768, 8_192)

    private static func bounded(_ fields: [Field]) -> [Field] {
        var (told, room) = ([Field](), fieldsLimit)
        for field in fields {
            let cut = Field(name: bounded(field.name), value: bounded(field.value))
            room -= cut.name.utf8.count + cut.value.utf8.count + 16
            guard room >= 0 else {
                told.append(Field(name: "…", value: "\(fields.count - told.count) more"))
                break
            }
            told.append(cut)
        }
        return told
    }

    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > textLimit else { return text }
        return String(decoding: text.utf8.prefix(textLimit), as: UTF8.self) + "…"
    }

    private static func encoded(_ text: String) -> String {
        PercentCoding.encode(text.utf8, keeping: \.isUnreservedByte)
    }

    /// Whoever has the value of a session's cookie is its user, and sites give it names of their own.
    private static func shownCookie(_ name: String, _ value: String) -> String {
        let isSession = name.isEmpty || name.lowercased().contains("sess")
        return isSession ? HiddenNames.placeholder : HiddenNames.shown(value, under: name)
    }

    /// Links in mails have their tokens there.
    private static func withoutQuery(_ address: String) -> String {
        String(address.prefix { $0 != "?" && $0 != "#" })
    }
}
