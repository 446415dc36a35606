/// How a browser treats content: shown in its window, or saved as a file, and under which name.
///
/// ```swift
/// ContentDisposition.attachment(fileName: "Übersicht.pdf").description
/// // attachment; filename="_bersicht.pdf"; filename*=UTF-8''%C3%9Cbersicht.pdf
/// ```
///
/// A name that has other characters than visible ones of ASCII stands twice: with `_` in their place for old clients, and
/// percent-encoded for all others. Browsers take the last part of a path for the name.
///
/// Source: [RFC 6266 §4, appendix D](https://www.rfc-editor.org/rfc/rfc6266#section-4),
/// [RFC 8187 §3.2](https://www.rfc-editor.org/rfc/rfc8187#section-3.2).
public struct ContentDisposition: Sendable, Hashable, CustomStringConvertible {
    /// The value of the field.
    public let description: String

    /// Saved as a file; the browser takes the name from the address where there is none.
    public static func attachment(fileName: String? = nil) -> ContentDisposition {
        ContentDisposition("attachment", fileName)
    }

    /// Shown; the name is for when it is saved after all.
    public static func inline(fileName: String? = nil) -> ContentDisposition {
        ContentDisposition("inline", fileName)
    }

    private init(_ type: String, _ fileName: String?) {
        guard let fileName, !fileName.isEmpty else {
            description = type
            return
        }
        guard !fileName.utf8.allSatisfy(\.isQuotable) else {
            description = "\(type); filename=\"\(Self.quoted(fileName))\""
            return
        }
        let encoded = PercentCoding.encode(fileName.utf8, keeping: \.isUnreservedByte)
        description = "\(type); filename=\"\(Self.quoted(Self.plain(fileName)))\"; filename*=UTF-8''\(encoded)"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
            quoted.append(scalar)
        }
        return String(quoted)
    }

    /// For clients that know no `filename*`. Some of them would decode `%XX`, so `%` goes, too.
    private static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            scalar.isASCII && scalar != "%" && UInt8(ascii: scalar).isQuotable ? scalar : "_"
        }
        return String(String.UnicodeScalarView(scalars))
    }
}

extension UInt8 {
    /// Whether the byte may stand in a quoted string, escaped or not: a tab, or visible ASCII.
    fileprivate var isQuotable: Bool { (0x20...0x7E).contains(self) || self == 0x09 }
}

extension Response {
    /// The same response as a file that the browser saves.
    ///
    /// ```swift
    /// return Response(content: csv, contentType: MediaType(literal: "text/csv")).attachment(fileName: "posts.csv")
    /// return .file(file, to: request).attachment(fileName: "Bericht.pdf")
    /// ```
    ///
    /// A response that is no success, such as a 304 or a 404, stays as it is.
    ///
    /// - Parameter fileName: Any text; the browser takes the name from the address where there is none.
    public func attachment(fileName: String? = nil) -> Response {
        disposed(.attachment(fileName: fileName))
    }

    /// The same response with a name for when the browser saves what it shows.
    public func inline(fileName: String) -> Response {
        disposed(.inline(fileName: fileName))
    }

    private func disposed(_ disposition: ContentDisposition) -> Response {
        guard status.isSuccess else { return self }
        var response = self
        response.headers.setUnchecked(.contentDisposition, disposition.description)
        return response
    }
}
