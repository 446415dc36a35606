/// The text that divides the parts of a multipart body, as `Content-Type` announces it.
///
/// Source: [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1).
package struct MultipartBoundary: Sendable, Hashable {
    /// What begins the line between two parts, with the line end before it: CR LF, two hyphens and the boundary.
    package let delimiter: [UInt8]

    /// Makes a boundary.
    ///
    /// - Returns: `nil` unless `text` has 1 to 70 characters, all of them allowed, and does not end with a space.
    package init?(_ text: String) {
        guard (1...70).contains(text.utf8.count), text.utf8.last != 0x20, text.utf8.allSatisfy(Self.isBoundaryByte)
        else { return nil }
        delimiter = Array("\r\n--\(text)".utf8)
    }

    /// Reads the boundary of a `Content-Type`.
    ///
    /// - Throws: ``HTTPError``: 415 when the content is no `multipart/form-data`, 400 when the boundary is missing or not
    ///   allowed.
    package init(contentType field: String) throws(HTTPError) {
        guard let type = ParameterizedValue(field) else {
            throw Self.refusal("The Content-Type of the form is malformed.", .syntax)
        }
        guard type.value == MediaType.multipartForm.description else {
            throw Self.refusal(
                "The content is '\(type.value)'; it must be '\(MediaType.multipartForm)'.", .mediaType,
                status: .unsupportedMediaType)
        }
        guard let text = type["boundary"] else {
            throw Self.refusal("The Content-Type of the multipart form has no boundary.", .required)
        }
        guard let boundary = MultipartBoundary(text) else {
            throw Self.refusal(
                "The boundary of the multipart form must have 1 to 70 letters, digits and characters of '()+_,-./:=?, "
                    + "and no space at its end.", .syntax)
        }
        self = boundary
    }

    private static func refusal(
        _ message: String, _ rule: InputProblem.Rule, status: HTTPStatus = .badRequest
    ) -> HTTPError {
        HTTPError(badInput: message, field: "Content-Type", rule: rule, status: status)
    }

    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x20, 0x27...0x29, 0x2B...0x2F, 0x3A, 0x3D, 0x3F, 0x5F: true
        default: false
        }
    }
}
