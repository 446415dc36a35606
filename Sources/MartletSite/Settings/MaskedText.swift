/// Texts of settings as messages may show them.
package enum MaskedText {
    /// What is said of a secret: how long it is, and what an eye would miss at its ends.
    package static func secret(_ text: String) -> String {
        let count = text.unicodeScalars.count
        let oddity = ValueOddity.first(in: text).map { ", \($0.words)" } ?? ""
        return "[hidden, \(count) character\(count == 1 ? "" : "s")\(oddity)]"
    }

    /// A text whose password is hidden, if it may have one: whatever stands between the user's name and the last `@`,
    /// and the value of a `password` in its query.
    ///
    /// A URL that is malformed hides more rather than less: where its parts end cannot be told.
    package static func url(_ text: String) -> String {
        var shown = text
        if let scheme = shown.firstRange(of: "://") {
            let rest = shown[scheme.upperBound...]
            if let end = rest.lastIndex(of: "@") {
                let colon = rest[..<end].firstIndex(of: ":")
                // A name without a password is no secret; a lone one before a service's address is its key.
                let start = colon.map { shown.index(after: $0) }
                if let start { shown.replaceSubrange(start..<end, with: "[hidden]") }
            } else if let colon = rest.firstIndex(of: ":") {
                let start = shown.index(after: colon)
                let end = shown[start...].firstIndex(of: "/") ?? shown.endIndex
                let isPort = shown[start..<end].allSatisfy { $0.isASCII && $0.isNumber }
                if !isPort { shown.replaceSubrange(start..., with: "[hidden]") }
            }
        } else if let end = shown.lastIndex(of: "@") {
            shown.replaceSubrange(..<end, with: "[hidden]")
        }
        if let name = shown.firstRange(of: "password=") {
            let end = shown[name.upperBound...].firstIndex(of: "&") ?? shown.endIndex
            shown.replaceSubrange(name.upperBound..<end, with: "[hidden]")
        }
        return shown
    }
}
