import MartletHTTP

/// Cookies are read without surprises, and one that was set is the same when it comes back.
enum CookieProperties {
    @Sendable static func check(_ input: [UInt8]) {
        // A field's value has no control character; the parser sees to that before.
        let text = String(decoding: input.map { $0.isFieldValueByte ? $0 : 0x20 }, as: UTF8.self)
        guard let headers = try? Headers(["Cookie": text]) else { return require(false, "the field is refused") }
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
            peerAddress: "127.0.0.1", isEncrypted: false)
        let cookies = request.cookies
        for (name, value) in cookies {
            require(!name.utf8.contains(where: "=;".utf8.contains), "the name \(name)")
            require(!hasControls(name), "a control character in the name \(name.debugDescription)")
            let last = Array(cookies).last { $0.name.unicodeScalars.elementsEqual(name.unicodeScalars) }
            require(cookies[name] == last?.value, "\(name) is \(cookies[name] ?? "nil")")
            checkRoundTrip(name, value)
        }
        checkRoundTrip("name", String(decoding: input, as: UTF8.self))
    }

    private static func checkRoundTrip(_ name: String, _ value: String) {
        var response = Response("")
        guard (try? response.setCookie(Cookie(name, value))) != nil else { return }
        let field = response.headers[.setCookie] ?? ""
        require(!hasControls(field), "a control character in \(field.debugDescription)")
        // What a browser keeps and sends back: everything before the first `;`.
        let sent = String(field.unicodeScalars.prefix { $0 != ";" })
        require(field == sent + "; Path=/", "\(field.debugDescription) has more than a cookie")
        guard let headers = try? Headers(["Cookie": sent]) else { return require(false, "\(sent) is refused") }
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
            peerAddress: "127.0.0.1", isEncrypted: false)
        let back = request.cookies[name]
        require(back == value, "\(value.debugDescription) comes back as \(back.debugDescription) from \(sent)")
    }

    private static func hasControls(_ text: String) -> Bool {
        !text.utf8.allSatisfy(\.isFieldValueByte)
    }
}
