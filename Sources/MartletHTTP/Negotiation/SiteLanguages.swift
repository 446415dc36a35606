/// The languages that a site speaks, and the one it speaks unless asked for another: Django's `LANGUAGES` and
/// `LANGUAGE_CODE`.
///
/// ```swift
/// let languages = SiteLanguages(["en", "de", "pt-br"], default: "en")
/// request.language(among: languages)   // "pt-br" for "Accept-Language: pt"
/// ```
///
/// Source: Django, [how it discovers language
/// preference](https://docs.djangoproject.com/en/5.2/topics/i18n/translation/#how-django-discovers-language-preference).
public struct SiteLanguages: Sendable, Hashable {
    /// The codes as the site writes them, in its order.
    public let codes: [String]

    /// The language of a client that asks for none of them.
    public private(set) var `default`: String

    /// Codes by their lower case.
    private let known: [String: String]
    private let folded: [String]

    /// No code is longer, so longer texts of clients are not looked at as a whole.
    private static let longestCode = 500

    /// Makes the languages of a site.
    ///
    /// - Parameters:
    ///   - codes: Such as `de`, `pt-br`, `zh-hant`; compared without regard to case.
    ///   - default: One of them, or the variant of one (`en-us` for `en`).
    public init(_ codes: [String], default: String) {
        self.codes = codes
        folded = codes.map { $0.lowercased() }
        known = Dictionary(zip(folded, codes)) { first, _ in first }
        self.default = `default`
        if let variant = variant(of: `default`) { self.default = variant }
    }

    /// The site's language for a code: the same, a more general one (`de` for `de-ch`), or another of the same language
    /// (`pt-br` for `pt-pt`).
    ///
    /// Chinese goes by its script: `zh-tw` is `zh-hant`.
    ///
    /// - Parameters:
    ///   - code: Of a client; it may be anything.
    ///   - strict: Whether another of the same language does not count.
    /// - Returns: The code as the site writes it; `nil` when it has no such language.
    public func variant(of code: String, strict: Bool = false) -> String? {
        guard var code = Self.shortened(code, strict: strict)?.lowercased() else { return nil }
        if let same = known[code] { return same }
        if let fallback = Self.scripts[code], let same = known[fallback] { return same }
        while let hyphen = code.lastIndex(of: "-") {
            code = String(code[..<hyphen])
            if let general = known[code] { return general }
        }
        guard !strict, !code.isEmpty, let index = folded.firstIndex(where: { $0.hasPrefix(code + "-") }) else {
            return nil
        }
        return codes[index]
    }

    /// The language that a path begins with, as in `/de/articles/`; `nil` when it begins with none.
    ///
    /// - Parameters:
    ///   - path: Percent-decoded, as ``Request/path``.
    ///   - strict: Whether another of the same language does not count.
    public func language(ofPath path: String, strict: Bool = false) -> String? {
        guard path.hasPrefix("/") else { return nil }
        let name = path.dropFirst().prefix { $0 != "/" }
        let subtags = name.split(separator: "-", omittingEmptySubsequences: false)
        // A longer name is a page's and no language's.
        guard subtags.count <= 3, subtags.allSatisfy({ !$0.isEmpty }) else { return nil }
        return variant(of: String(name), strict: strict)
    }

    private static func shortened(_ code: String, strict: Bool) -> String? {
        guard code.utf8.count > longestCode else { return code }
        let beginning = Substring(code.utf8.prefix(longestCode))
        guard !strict, let hyphen = beginning.lastIndex(of: "-") else { return nil }
        return String(beginning[..<hyphen])
    }

    /// Regions whose code says nothing about the script, which is what matters.
    private static let scripts = [
        "zh-cn": "zh-hans", "zh-my": "zh-hans", "zh-sg": "zh-hans", "zh-hk": "zh-hant", "zh-mo": "zh-hant",
        "zh-tw": "zh-hant",
    ]
}

extension Request {
    /// Which of a site's languages the client wants: that of the cookie, else the first of `Accept-Language` that the
    /// site has, else the site's own.
    ///
    /// A response that depends on it says so: `response.headers.addVary(.acceptLanguage)`, and `.cookie`.
    ///
    /// - Parameters:
    ///   - languages: What there is.
    ///   - cookie: The name of the cookie in which a choice is kept, as Django's `LANGUAGE_COOKIE_NAME`; `nil` for none.
    /// - Returns: A code as the site writes it.
    public func language(among languages: SiteLanguages, cookie: String? = "django_language") -> String {
        if let cookie, let choice = cookies[cookie], let language = languages.variant(of: choice) { return language }
        for range in acceptedLanguages.ranges {
            if range.code == "*" || range.quality == 0 { break }
            if let language = languages.variant(of: range.code) { return language }
        }
        return languages.default
    }
}
