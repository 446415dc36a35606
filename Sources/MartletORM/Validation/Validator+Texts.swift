extension Validator where V: TextValue {
    /// A rule for text; of no text nothing is asked.
    private static func text(
        _ code: String, problem: String? = nil, _ message: @escaping @Sendable (String) -> String?
    ) -> Validator {
        Validator(code, problem: problem) { value in
            guard case .text(let text) = value.sqlValue else { return nil }
            return message(text)
        }
    }

    /// At least so many characters.
    public static func minLength(_ limit: Int) -> Validator {
        text("min_length") { TextRules.tooShort($0, limit) }
    }

    /// At most so many characters.
    public static func maxLength(_ limit: Int) -> Validator {
        text("max_length") { TextRules.tooLong($0, limit) }
    }

    /// A text that a regular expression is found in; `^` and `$` tie it to the ends.
    ///
    /// - Parameters:
    ///   - pattern: A regular expression of Swift.
    ///   - message: A sentence for the person who has entered the value.
    ///   - code: A word for programs.
    ///   - inverse: Whether the expression must not be found.
    public static func regex(
        _ pattern: String, _ message: String = "Enter a valid value.", code: String = "invalid", inverse: Bool = false
    ) -> Validator {
        let problem: String? =
            (try? Regex(pattern)) == nil ? "'\(pattern)' is no regular expression. Correct the validator." : nil
        return text(code, problem: problem) { text in
            // A compiled expression cannot be shared between tasks, so each check makes its own.
            guard let regex = try? Regex(pattern) else { return message }
            return (text.firstMatch(of: regex) != nil) == inverse ? message : nil
        }
    }

    /// An e-mail address.
    public static var email: Validator { text("invalid", TextRules.email) }

    /// A URL.
    ///
    /// - Parameter schemes: What may stand in front of `://`.
    public static func url(schemes: [String] = URLSyntax.schemes) -> Validator {
        text("invalid") { TextRules.url($0, schemes: schemes) }
    }

    /// Letters, digits, hyphens and underscores of ASCII.
    public static var slug: Validator { text("invalid", TextRules.slug) }

    /// Letters and digits of any script, hyphens and underscores.
    public static var unicodeSlug: Validator {
        text("invalid") { text in
            let isSlug = text.unicodeScalars.allSatisfy { scalar in
                scalar == "-" || scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            }
            return isSlug
                ? nil : "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens."
        }
    }

    /// A domain name.
    public static var domainName: Validator {
        text("invalid") { DomainSyntax.isDomain($0[...], allowsFinalDot: true) ? nil : "Enter a valid domain name." }
    }

    /// An IPv4 address.
    public static var ipv4Address: Validator { text("invalid") { TextRules.address($0, "IPv4") } }

    /// An IPv6 address.
    public static var ipv6Address: Validator { text("invalid") { TextRules.address($0, "IPv6") } }

    /// An IP address.
    public static var ipAddress: Validator { text("invalid") { TextRules.address($0, "IPv4 or IPv6") } }

    /// Digits, with a sign or without.
    public static var integer: Validator {
        text("invalid") { text in
            let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
            let isInteger =
                !digits.isEmpty && digits.unicodeScalars.allSatisfy { $0.properties.numericType == .decimal }
            return isInteger ? nil : "Enter a valid integer."
        }
    }

    /// Digits with commas between them.
    public static var commaSeparatedIntegers: Validator {
        text("invalid") { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let areDigits = parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { $0.isASCII && $0.isNumber } }
            return areDigits ? nil : "Enter only digits separated by commas."
        }
    }

    /// The name of a file with one of the extensions, in any case.
    public static func fileExtension(_ allowed: [String]) -> Validator {
        let allowed = allowed.map { $0.lowercased() }
        return text("invalid_extension") { TextRules.fileExtension($0, allowed) }
    }
}
