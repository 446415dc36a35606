/// A field value with parameters, such as `form-data; name="photo"; filename="me.png"`.
///
/// Read as browsers and other clients write it: in quotes `\"` and `\\` are escapes, and any other backslash is one,
/// since Windows paths were once sent with theirs. A parameter that stands twice is refused: two readers of the same
/// field could believe different ones.
///
/// Source: [RFC 9110 §5.6.6](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.6),
/// [RFC 2183 §2](https://www.rfc-editor.org/rfc/rfc2183#section-2).
package struct ParameterizedValue: Sendable {
    /// What stands before the first `;`, in lower case.
    package let value: String

    private let parameters: [String: String]

    /// Reads a value.
    ///
    /// - Returns: `nil` when it is malformed: a quote that is not closed, text behind one, a parameter without a name
    ///   or a value, or one that stands twice.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        var index = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        value = String(decoding: bytes[..<index], as: UTF8.self).trimmingBlanks().lowercased()
        var parameters: [String: String] = [:]
        while index < bytes.count {
            index += 1
            guard let rest = Self.skipBlanks(bytes, index) else { break }
            guard let (name, text, end) = Self.parameter(bytes, rest), parameters[name] == nil else { return nil }
            parameters[name] = text
            index = end
        }
        self.parameters = parameters
    }

    /// The value of a parameter; `nil` when it is absent.
    ///
    /// - Parameter name: The name in lower case.
    package subscript(_ name: String) -> String? { parameters[name] }

    /// One parameter, and where the `;` behind it or the end is.
    private static func parameter(_ bytes: [UInt8], _ start: Int) -> (name: String, value: String, end: Int)? {
        guard let equals = bytes[start...].firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = bytes[start..<equals]
        guard !name.isEmpty, name.allSatisfy(\.isTokenByte) else { return nil }
        let key = String(decoding: name, as: UTF8.self).lowercased()
        if equals + 1 < bytes.count, bytes[equals + 1] == UInt8(ascii: "\"") {
            guard let (value, end) = quoted(bytes, equals + 2) else { return nil }
            return (key, value, end)
        }
        let end = bytes[equals...].firstIndex(of: UInt8(ascii: ";")) ?? bytes.count
        let value = String(decoding: bytes[(equals + 1)..<end], as: UTF8.self).trimmingBlanks()
        guard !value.isEmpty, !value.contains("\"") else { return nil }
        return (key, value, end)
    }

    /// The text of a quoted string whose opening quote stands before `start`, and where what follows begins.
    private static func quoted(_ bytes: [UInt8], _ start: Int) -> (value: String, end: Int)? {
        var value: [UInt8] = []
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                let next = skipBlanks(bytes, index + 1) ?? bytes.count
                guard next == bytes.count || bytes[next] == UInt8(ascii: ";") else { return nil }
                return (String(decoding: value, as: UTF8.self), next)
            }
            if byte == UInt8(ascii: "\\"), index + 1 < bytes.count, isEscapable(bytes[index + 1]) { index += 1 }
            value.append(bytes[index])
            index += 1
        }
        return nil
    }

    private static func isEscapable(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// The next byte that is no blank; `nil` when there is none.
    private static func skipBlanks(_ bytes: [UInt8], _ start: Int) -> Int? {
        bytes[start...].firstIndex { $0 != 0x20 && $0 != 0x09 }
    }
}
