/// The header of one part of a form.
///
/// Source: [RFC 7578 §4](https://www.rfc-editor.org/rfc/rfc7578#section-4).
package struct MultipartHead: Sendable, Equatable {
    /// The name of the field.
    package private(set) var name = ""

    /// The cleaned name of the file; empty where none was chosen, `nil` for a field without a file.
    package private(set) var fileName: String?

    /// The media type that the client claims.
    package private(set) var contentType: String?

    /// All fields of the header.
    package private(set) var headers = Headers()

    init() {}

    package static func == (left: MultipartHead, right: MultipartHead) -> Bool {
        left.name == right.name && left.fileName == right.fileName && left.contentType == right.contentType
            && left.headers.elementsEqual(right.headers)
    }

    /// Reads a header whose lines end with CR LF and have no control characters.
    ///
    /// - Parameter number: Which part it is, from 1, for messages.
    /// - Throws: ``HTTPError`` with the part, the rule and the limit.
    init(_ bytes: ArraySlice<UInt8>, number: Int, _ limits: RequestLimits) throws(HTTPError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Self.refusal(number, "has a header that is not UTF-8", .encoding)
        }
        // A CR LF is one character in Swift.
        for line in text.split(separator: "\r\n") { try add(line, number, limits) }
        try readDisposition(number, limits)
        contentType = headers[.contentType]
        try checkEncoding()
        try checkCharset()
    }

    private mutating func add(_ line: Substring, _ number: Int, _ limits: RequestLimits) throws(HTTPError) {
        guard headers.count < limits.partHeaders else {
            throw Self.refusal(
                number, "has more than \(limits.partHeaders) header fields (partHeaders)", .init("partHeaders"))
        }
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), let name = HeaderName(String(line[..<colon]))
        else {
            throw Self.refusal(number, "has a header line that is not 'name: value'")
        }
        headers.addUnchecked(name, line[line.utf8.index(after: colon)...].trimmingBlanks())
    }

    private mutating func readDisposition(_ number: Int, _ limits: RequestLimits) throws(HTTPError) {
        let fields = headers.values(.contentDisposition)
        guard let field = fields.first else {
            throw Self.refusal(number, "has no Content-Disposition, and so no name", .required)
        }
        guard fields.count == 1, let disposition = ParameterizedValue(field) else {
            throw Self.refusal(number, "has a malformed Content-Disposition")
        }
        guard disposition.value == "form-data" else {
            throw Self.refusal(number, "has the Content-Disposition '\(disposition.value)'; it must be 'form-data'")
        }
        guard let name = disposition["name"] else { throw Self.refusal(number, "has no name", .required) }
        self.name = Self.decodeBrowserEscapes(name)
        guard self.name.utf8.count <= limits.nameBytes else {
            throw Self.refusal(
                number, "has a name of more than \(limits.nameBytes) bytes (nameBytes)", .init("nameBytes"))
        }
        fileName = try Self.fileName(disposition, number).map { name in
            name.isEmpty ? "" : UploadedFile.cleanName(name, limit: limits.fileNameBytes)
        }
    }

    /// The file name as the client has sent it; `filename*` counts before `filename` (RFC 6266 §4.3).
    ///
    /// RFC 7578 §4.2 tells clients not to send `filename*`, but some do, and Django reads it.
    private static func fileName(_ disposition: ParameterizedValue, _ number: Int) throws(HTTPError) -> String? {
        guard let extended = disposition["filename*"] else {
            return disposition["filename"].map(decodeBrowserEscapes)
        }
        guard let name = decodeExtended(extended) else {
            throw refusal(number, "has a filename* that is not percent-encoded UTF-8 or ISO-8859-1 (RFC 5987)")
        }
        return name
    }

    /// Browsers write `"`, CR and LF in names as `%22`, `%0D` and `%0A`, and nothing else.
    ///
    /// Source: [HTML, multipart/form-data encoding](
    /// https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data).
    private static func decodeBrowserEscapes(_ name: String) -> String {
        guard name.utf8.contains(UInt8(ascii: "%")) else { return name }
        var decoded: [UInt8] = []
        var rest = Array(name.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), let escaped = browserEscape(rest.prefix(2)) else {
                decoded.append(byte)
                continue
            }
            decoded.append(escaped)
            rest = rest.dropFirst(2)
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func browserEscape(_ digits: ArraySlice<UInt8>) -> UInt8? {
        switch String(decoding: digits, as: UTF8.self).uppercased() {
        case "22": UInt8(ascii: "\"")
        case "0D": 0x0D
        case "0A": 0x0A
        default: nil
        }
    }

    /// `UTF-8'en'na%C3%AFve.txt`: charset, language, percent-encoded text.
    ///
    /// Source: [RFC 5987 §3.2](https://www.rfc-editor.org/rfc/rfc5987#section-3.2).
    private static func decodeExtended(_ text: String) -> String? {
        let parts = text.split(at: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let bytes = PercentCoding.decodeBytes(parts[2].utf8)
        switch parts[0].lowercased() {
        case "utf-8": return String(validating: bytes, as: UTF8.self)
        case "iso-8859-1": return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }

    /// Encodings of mail are refused: RFC 7578 §4.7 tells clients not to send them, and no browser does.
    private func checkEncoding() throws(HTTPError) {
        guard let encoding = headers[.contentTransferEncoding]?.lowercased() else { return }
        guard ["7bit", "8bit", "binary"].contains(encoding) else {
            throw HTTPError(
                badInput:
                    "\(capitalTitle) is encoded as '\(encoding)'; send it as it is, without Content-Transfer-Encoding.",
                field: name, rule: .encoding, status: .unsupportedMediaType)
        }
    }

    /// A field is text in UTF-8; a file is whatever it is.
    private func checkCharset() throws(HTTPError) {
        guard fileName == nil, let contentType else { return }
        guard let charset = ParameterizedValue(contentType)?["charset"]?.lowercased() else { return }
        guard ["utf-8", "utf8", "us-ascii"].contains(charset) else {
            throw HTTPError(
                badInput: "\(capitalTitle) is in '\(charset)'; send it in UTF-8.", field: name, rule: .encoding,
                status: .unsupportedMediaType)
        }
    }

    /// What the part is, for messages.
    var title: String { fileName == nil ? "the form field '\(name)'" : "the file '\(name)'" }

    /// The title at the beginning of a sentence.
    var capitalTitle: String { fileName == nil ? "The form field '\(name)'" : "The file '\(name)'" }

    private static func refusal(
        _ number: Int, _ reason: String, _ rule: InputProblem.Rule = .syntax
    ) -> HTTPError {
        HTTPError(badInput: "Part \(number) of the form \(reason).", field: "part \(number)", rule: rule)
    }
}
