public import MartletJSON

extension Request {
    /// Reads the content as JSON of a type.
    ///
    /// ```swift
    /// struct Comment: Decodable { var author: String, text: String }
    ///
    /// let comment = try await request.json(as: Comment.self)
    /// ```
    ///
    /// A member that the type does not know is passed over; a name that stands twice, `NaN` and text behind the value are
    /// refused. Asked for again, by another layer too, it is read anew from the bytes that were collected.
    ///
    /// - Parameter type: What is to be read.
    /// - Throws: ``HTTPError``: 415 when the content does not say that it is JSON in UTF-8; 400 when it is none, with line
    ///   and column, nests deeper than ``RequestLimits/jsonDepth``, or is not of the type, with the path, such as
    ///   `items[3].price`; 413 beyond ``RequestLimits/collectedBytes``.
    ///
    /// Source: [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259).
    public func json<Value: Decodable>(as type: Value.Type) async throws -> Value {
        let value = try await json()
        do throws(JSONError) {
            return try JSON.decode(type, from: value)
        } catch {
            throw HTTPError(error)
        }
    }

    /// Reads the content as any JSON; see ``json(as:)``.
    ///
    /// - Throws: ``HTTPError``.
    public func json() async throws -> JSONValue {
        if body.contentLength == 0 { throw HTTPError.noJSON }
        try checkJSONType()
        let bytes = try await body.collect()
        guard !bytes.isEmpty else { throw HTTPError.noJSON }
        do throws(JSONError) {
            return try JSON.parse(bytes, limits: JSONLimits(depth: limits.jsonDepth, bytes: bytes.count))
        } catch {
            throw HTTPError(error)
        }
    }

    /// Whether the content says that it is JSON, as ``json(as:)`` reads it: `application/json`, or a type that ends with
    /// `+json`.
    public var hasJSON: Bool {
        guard let type = headers[.contentType].flatMap(ParameterizedValue.init) else { return false }
        return type.value.isJSONType
    }

    private func checkJSONType() throws(HTTPError) {
        let field = headers[.contentType] ?? ""
        let type = ParameterizedValue(field)
        guard let type, type.value.isJSONType else {
            let found = field.isEmpty ? "has no Content-Type" : "is '\(type?.value ?? field)'"
            throw .unsupportedJSON("The content \(found); it must be '\(MediaType.json)'.")
        }
        guard let charset = type["charset"]?.lowercased() else { return }
        guard ["utf-8", "utf8", "us-ascii"].contains(charset) else {
            throw .unsupportedJSON("The JSON is in '\(charset)'; send it in UTF-8.")
        }
    }
}

extension String {
    /// Whether a media type without parameters, in lower case, is that of JSON.
    ///
    /// Source: [RFC 6839 §3.1](https://www.rfc-editor.org/rfc/rfc6839#section-3.1).
    fileprivate var isJSONType: Bool {
        self == MediaType.json.description || hasPrefix("application/") && hasSuffix("+json")
    }
}

extension HTTPError {
    fileprivate static let noJSON = HTTPError(
        badInput: "The request has no content; JSON is expected.", field: nil, rule: .required)

    fileprivate static func unsupportedJSON(_ message: String) -> HTTPError {
        HTTPError(badInput: message, field: "Content-Type", rule: .mediaType, status: .unsupportedMediaType)
    }

    /// What is wrong with JSON of a client, with its place.
    package init(_ error: JSONError) {
        let path = error.path.map { $0.hasPrefix("$.") ? $0.dropFirst(2) : $0.dropFirst() } ?? ""
        let field = path.isEmpty ? nil : String(path)
        let rule = Self.rule(error.code)
        guard let field else {
            let place = error.position.map { " (\($0))" } ?? ""
            self.init(badInput: "The JSON is not valid: \(error.message)\(place).", field: nil, rule: rule)
            return
        }
        guard error.code != .missing else {
            self.init(badInput: "The JSON field '\(field)' is missing.", field: field, rule: rule)
            return
        }
        self.init(badInput: "The JSON field '\(field)' is not valid: \(error.message).", field: field, rule: rule)
    }

    private static func rule(_ code: JSONError.Code) -> InputProblem.Rule {
        switch code {
        case .syntax: .syntax
        case .invalidText: .encoding
        case .duplicateName: .duplicate
        case .tooDeep: InputProblem.Rule("jsonDepth")
        case .tooLong: InputProblem.Rule("collectedBytes")
        case .missing: .required
        case .mismatch: .type
        default: .value
        }
    }
}
