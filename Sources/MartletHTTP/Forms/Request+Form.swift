extension Request {
    /// Reads the content as a form: `application/x-www-form-urlencoded`, or `multipart/form-data` with files.
    ///
    /// ```swift
    /// let form = try await request.form()
    /// let title = try form.require("title")
    /// if let photo = form.files["photo"] { try await photo.save(to: path) }
    /// ```
    ///
    /// A request without content has no fields. Asked for again, by another layer too, the form is the same. Files
    /// beyond ``RequestLimits/fileMemoryBytes`` are in temporary files, which vanish with the request.
    ///
    /// - Throws: ``HTTPError``: 415 when the content is no form in UTF-8, 413 or 400 when it goes beyond one of the
    ///   ``limits`` or is broken; ``UploadError`` when a file cannot be written.
    public func form() async throws -> FormFields {
        if body.contentLength == 0 { return FormFields() }
        if let form = body.form { return form }
        let type = headers[.contentType] ?? ""
        if ParameterizedValue(type)?.value == MediaType.multipartForm.description {
            let form = try await MultipartFormReader.read(self)
            body.keep(form)
            return form
        }
        try Self.checkType(type)
        return try Self.parseForm(try await body.collect(), limits)
    }

    /// The form, if it has been read or is in memory: for whoever tells of a request, and must not wait for its client.
    package var formInMemory: FormFields? {
        if let form = body.form { return form }
        guard let bytes = body.collected, !bytes.isEmpty, (try? Self.checkType(headers[.contentType] ?? "")) != nil
        else {
            return nil
        }
        return try? Self.parseForm(bytes, limits)
    }

    /// Whether the content says that it is a form that ``form()`` reads.
    public var hasForm: Bool {
        let type = headers[.contentType] ?? ""
        return isMultipartForm || (try? Self.checkType(type)) != nil
    }

    /// Whether the content says that it is a `multipart/form-data`, as ``multipart()`` reads it.
    public var isMultipartForm: Bool {
        headers[.contentType]?.lowercased().hasPrefix(MediaType.multipartForm.description) ?? false
    }

    private static func checkType(_ field: String) throws(HTTPError) {
        let type = ParameterizedValue(field)
        guard let type, type.value == MediaType.form.description else {
            throw unsupported(wrongType(type?.value ?? field))
        }
        guard let charset = type["charset"]?.lowercased() else { return }
        guard ["utf-8", "utf8", "us-ascii"].contains(charset) else {
            throw unsupported("The form is in '\(charset)'; send it in UTF-8.")
        }
    }

    private static func unsupported(_ message: String) -> HTTPError {
        HTTPError(badInput: message, field: "Content-Type", rule: .mediaType, status: .unsupportedMediaType)
    }

    private static func wrongType(_ type: String) -> String {
        guard type.isEmpty else {
            return "The content is '\(type)'; a form is '\(MediaType.form)' or '\(MediaType.multipartForm)'."
        }
        return "The request has content but no Content-Type; a form is '\(MediaType.form)' or "
            + "'\(MediaType.multipartForm)'."
    }

    private static func parseForm(_ bytes: [UInt8], _ limits: RequestLimits) throws(HTTPError) -> FormFields {
        let separators = bytes.count { $0 == UInt8(ascii: "&") }
        guard separators < limits.fields else {
            throw HTTPError(
                badInput: "The form has more than \(limits.fields) fields (fields).", field: nil, rule: .init("fields"))
        }
        var fields: [FormFields.Field] = []
        for part in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let name = PercentCoding.decodeBytes(part[..<equals], plusIsSpace: true)
            let value = PercentCoding.decodeBytes(part[equals...].dropFirst(), plusIsSpace: true)
            // A replacement character would silently change what the client has sent.
            guard let name = String(validating: name, as: UTF8.self) else {
                throw HTTPError(
                    badInput: "The form has a field whose name is not UTF-8.", field: nil, rule: .encoding)
            }
            guard let value = String(validating: value, as: UTF8.self) else {
                throw HTTPError(badInput: "The form field '\(name)' is not UTF-8.", field: name, rule: .encoding)
            }
            fields.append(FormFields.Field(name: name, value: value))
        }
        return FormFields(fields, origin: .form)
    }
}
