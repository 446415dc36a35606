import MartletHTTP

/// Writes the head of a response into the connection's buffer, without an allocation for each header.
///
/// Source: [RFC 9112 §4, §6](https://www.rfc-editor.org/rfc/rfc9112#section-4).
enum ResponseHead {
    /// How the content is delimited.
    enum Framing {
        /// There is no content and no length is told (1xx, 204, 304, an answer to `HEAD` of unknown length).
        case none
        case length(Int)
        case chunked
        /// The content ends where the connection does (HTTP/1.0).
        case untilClose
    }

    /// Appends the head, up to and with the empty line.
    static func write(
        _ response: Response, framing: Framing, connection: Connection, date: [UInt8], to output: inout [UInt8]
    ) {
        output.append("HTTP/1.1 ")
        output.append(number: response.status.code)
        output.append(0x20)
        appendReason(response.status.reason, to: &output)
        output.append("\r\n")
        for field in response.headers where !isServers(field.name) {
            output.append(contentsOf: field.name.rawName.utf8)
            output.append(": ")
            output.append(contentsOf: field.value.utf8)
            output.append("\r\n")
        }
        switch framing {
        case .length(let length):
            output.append("Content-Length: ")
            output.append(number: length)
            output.append("\r\n")
        case .chunked:
            output.append("Transfer-Encoding: chunked\r\n")
        case .none, .untilClose:
            break
        }
        // `Upgrade` is an option of this connection (RFC 9110 §7.8).
        let upgrades = response.status == .switchingProtocols || response.status == .upgradeRequired
        switch connection {
        case .implied: if upgrades { output.append("Connection: Upgrade\r\n") }
        // After 101 there is no HTTP on the connection that could be closed.
        case .close where response.status == .switchingProtocols: output.append("Connection: Upgrade\r\n")
        case .close: output.append(upgrades ? "Connection: close, Upgrade\r\n" : "Connection: close\r\n")
        case .keepAlive: output.append("Connection: keep-alive\r\n")
        }
        output.append(contentsOf: date)
        output.append("\r\n")
    }

    /// What the `Connection` field says.
    enum Connection {
        /// Nothing: HTTP/1.1 stays.
        case implied
        case close
        case keepAlive
    }

    /// Whether a field is the server's to write; what a view sets there is dropped.
    private static func isServers(_ name: HeaderName) -> Bool {
        switch name.canonicalName.utf8.count {
        case 4: name == .date
        case 10: name == .connection || name.canonicalName == "keep-alive"
        case 14: name == .contentLength
        case 17: name == .transferEncoding
        default: false
        }
    }

    /// A reason phrase may come from an application's data; what cannot stand on the line becomes a blank.
    private static func appendReason(_ reason: String, to output: inout [UInt8]) {
        for byte in reason.utf8 { output.append(byte.isFieldValueByte ? byte : 0x20) }
    }
}

extension [UInt8] {
    mutating func append(_ literal: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Appends a number of at least 0 in decimal digits.
    mutating func append(number: Int) {
        if number >= 10 { append(number: number / 10) }
        append(UInt8(0x30 + number % 10))
    }

    /// Appends a number of at least 0 in hexadecimal digits.
    mutating func append(hexadecimal number: Int) {
        if number >= 16 { append(hexadecimal: number >> 4) }
        let digit = UInt8(number & 15)
        append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
}
