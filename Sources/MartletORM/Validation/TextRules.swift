import MartletValues

/// What is asked of texts, with Django's messages; `nil` is a text that may stay.
enum TextRules {
    static func tooLong(_ text: String, _ limit: Int) -> String? {
        // Databases and Python count code points.
        guard text.utf8.count > limit, text.unicodeScalars.count > limit else { return nil }
        return "Ensure this value has at most \(limit) character\(limit == 1 ? "" : "s") "
            + "(it has \(text.unicodeScalars.count))."
    }

    static func tooShort(_ text: String, _ limit: Int) -> String? {
        let count = text.unicodeScalars.count
        guard count < limit else { return nil }
        return "Ensure this value has at least \(limit) character\(limit == 1 ? "" : "s") (it has \(count))."
    }

    static func nullCharacter(_ text: String) -> String? {
        text.utf8.contains(0) ? "Null characters are not allowed." : nil
    }

    static func email(_ text: String) -> String? {
        EmailSyntax.isAddress(text) ? nil : "Enter a valid email address."
    }

    static func url(_ text: String, schemes: [String] = URLSyntax.schemes) -> String? {
        URLSyntax.isURL(text, schemes: schemes) ? nil : "Enter a valid URL."
    }

    static func slug(_ text: String) -> String? {
        let isSlug = !text.isEmpty && text.utf8.allSatisfy { $0.isASCIIAlphanumeric || $0 == 0x2D || $0 == 0x5F }
        return isSlug ? nil : "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
    }

    static func address(_ text: String, _ protocols: String) -> String? {
        // Brackets belong to URLs.
        let address = text.hasPrefix("[") ? nil : IPAddress(text)
        let isFour = !text.contains(":")
        let isValid =
            switch protocols {
            case "IPv4": address != nil && isFour
            case "IPv6": address != nil && !isFour
            default: address != nil
            }
        return isValid ? nil : "Enter a valid \(protocols) address."
    }

    static func fileExtension(_ name: String, _ allowed: [String]) -> String? {
        let last = name.split(separator: "/").last ?? ""
        let parts = last.split(separator: ".", omittingEmptySubsequences: false)
        // A name that only begins with a dot has no extension.
        let found =
            parts.count > 1 && !(parts.count == 2 && parts[0].isEmpty) ? parts[parts.count - 1].lowercased() : ""
        guard !allowed.contains(found) else { return nil }
        return "File extension “\(found)” is not allowed. Allowed extensions are: \(allowed.joined(separator: ", "))."
    }
}

extension UInt8 {
    var isASCIIAlphanumeric: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
