import MartletHTTP

/// Fields that were read are read again from what they encode to; a query and a form mean the same.
enum QueryProperties {
    @Sendable static func check(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        let fields = FormFields(parsing: text[...].utf8, origin: .query)
        require(Array(FormFields(parsing: encode(fields)[...].utf8, origin: .query)) == Array(fields), "\(fields)")
        require(fields.count <= input.count { $0 == UInt8(ascii: "&") } + 1, "\(fields.count) fields")
        for field in fields {
            require(fields.all(field.name).contains(field.value), "\(field) is not found")
            require(fields[field.name] == fields.all(field.name).last, "the last \(field.name)")
            // Refused or read, and nothing in between.
            _ = (try? fields.int(field.name), try? fields.double(field.name), try? fields.bool(field.name))
        }
        checkForm(input, fields)
    }

    private static func encode(_ fields: FormFields) -> String {
        fields.map { field in
            let pair = [field.name, field.value].map { PercentCoding.encode($0.utf8, keeping: \.isUnreservedByte) }
            return pair.joined(separator: "=")
        }.joined(separator: "&")
    }

    private static func checkForm(_ input: [UInt8], _ fields: FormFields) {
        guard let headers = try? Headers(["Content-Type": "application/x-www-form-urlencoded"]) else { return }
        let request = Request(
            method: .post, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(input),
            peerAddress: "127.0.0.1", isEncrypted: false)
        // A form is refused where a query gets replacement characters.
        guard let form = Waiting.result({ try await request.form() }) else { return }
        guard String(validating: input, as: UTF8.self) != nil else { return }
        require(Array(form) == Array(fields), "form: \(form)\nquery: \(fields)")
    }
}
