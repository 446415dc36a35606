extension Request {
    /// Reads the content as the fields of a form.
    ///
    /// A request without content has no fields.
    ///
    /// - Throws: ``HTTPError``: 415 when the content is no `application/x-www-form-urlencoded` in UTF-8, 413 when it is
    ///   longer than ``RequestLimits/bodyBytes``, 400 when it has more than ``RequestLimits/fields`` fields or a field
    ///   that is no UTF-8.
    public func form() async throws -> FormFields {
        if let form = storage[BufferedForm.self] { return form }
        if body.contentLength == 0 { return FormFields() }
        try checkFormType()
        let bytes = try await body.collect(upTo: limits.bodyBytes)
        return try Self.parseForm(bytes, limits)
    }

    /// Reads the form and keeps it with the request, so that a view can read form or body again.
    ///
    /// - Throws: As ``form()``; the body is not read then.
    public mutating func bufferForm() async throws -> FormFields {
        if let form = storage[BufferedForm.self] { return form }
        if body.contentLength == 0 { return FormFields() }
        try checkFormType()
        let bytes = try await body.collect(upTo: limits.bodyBytes)
        body = RequestBody(bytes)
        let form = try Self.parseForm(bytes, limits)
        storage[BufferedForm.self] = form
        return form
    }

    private enum BufferedForm: RequestStorageKey {
        typealias Value = FormFields
    }

    /// Whether the content says that it is a form that ``form()`` reads.
    public var hasForm: Bool {
        (try? checkFormType()) != nil
    }

    private func checkFormType() throws(HTTPError) {
        let field = headers[.contentType] ?? ""
        let parts = field.lowercased().split(separator: ";").map { $0.trimmingBlanks() }
        let type = parts.first ?? ""
        guard type == MediaType.form.description else {
            throw HTTPError(.unsupportedMediaType, Self.wrongType(type))
        }
        let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }?.dropFirst("charset=".count)
        let names: Set<Substring> = ["utf-8", "\"utf-8\"", "utf8", "us-ascii"]
        if let charset, !names.contains(charset) {
            throw HTTPError(.unsupportedMediaType, "The form is in '\(charset)'; send it in UTF-8.")
        }
    }

    private static func wrongType(_ type: String) -> String {
        switch type {
        case "":
            "The request has content but no Content-Type; a form is '\(MediaType.form)'."
        case "multipart/form-data":
            "This page reads forms as '\(MediaType.form)'; remove enctype=\"multipart/form-data\" from the form."
        default:
            "The content is '\(type)'; a form is '\(MediaType.form)'."
        }
    }

    private static func parseForm(_ bytes: [UInt8], _ limits: RequestLimits) throws(HTTPError) -> FormFields {
        let separators = bytes.count { $0 == UInt8(ascii: "&") }
        guard separators < limits.fields else {
            throw HTTPError(.badRequest, "The form has more than \(limits.fields) fields.")
        }
        var fields: [FormFields.Field] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let name = PercentCoding.decodeBytes(part[..<equals], plusIsSpace: true)
            let value = PercentCoding.decodeBytes(part[equals...].dropFirst(), plusIsSpace: true)
            // A replacement character would silently change what the client has sent.
            guard let name = String(validating: name, as: UTF8.self) else {
                throw HTTPError(.badRequest, "The form has a field whose name is not UTF-8.")
            }
            guard let value = String(validating: value, as: UTF8.self) else {
                throw HTTPError(.badRequest, "The form field '\(name)' is not UTF-8.")
            }
            fields.append(FormFields.Field(name: name, value: value))
        }
        return FormFields(fields, origin: .form)
    }
}
