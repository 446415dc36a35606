public import MartletHTTP

/// Selects the language of each request among those that the site speaks.
///
/// ```swift
/// LanguageSelection(SiteLanguages(["en", "de"], default: "en"))
///
/// func greeting(_ request: Request) -> Response { Response(request.language == "de" ? "Guten Tag" : "Good day") }
/// ```
///
/// The language is that of the path where `fromPath` is on (`/de/articles/`), else that of the cookie, else that of
/// `Accept-Language`, else the site's own. It is selected when ``MartletHTTP/Request/language`` or
/// ``SelectedLanguage/current`` first asks for it; only then does the answer say `Content-Language` and
/// `Vary: Accept-Language, Cookie`, so that a page that does not ask stays one for everybody in a cache.
///
/// Texts are not translated yet; what will translate them asks ``SelectedLanguage/current``.
///
/// Source: Django, [`LocaleMiddleware`](https://docs.djangoproject.com/en/5.2/ref/middleware/#django.middleware.locale.LocaleMiddleware).
public struct LanguageSelection: OrderedMiddleware {
    private let languages: SiteLanguages
    private let cookie: String?
    private let fromPath: Bool

    /// Makes the layer.
    ///
    /// - Parameters:
    ///   - languages: What there is.
    ///   - cookie: The name of the cookie in which a user's choice is kept; `nil` for none.
    ///   - fromPath: Whether a path may begin with a language.
    public init(_ languages: SiteLanguages, cookie: String? = "django_language", fromPath: Bool = false) {
        self.languages = languages
        self.cookie = cookie
        self.fromPath = fromPath
    }

    /// What is compressed or kept depends on the language.
    public static let order: [MiddlewareOrder] = [
        .outside(ConditionalGet.self, because: "a page is another version in another language")
    ]

    /// Answers the request with its language bound to the task.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        var request = request
        let choice = LanguageChoice(request, languages, cookie: cookie, fromPath: fromPath)
        request.storage[LanguageChoice.self] = choice
        var response = try await SelectedLanguage.$choice.withValue(choice) { [request] in try await next(request) }
        if let language = choice.selected {
            response.headers.addMissing([Headers.Field(name: .contentLanguage, value: language.code)])
            if language.dependsOnClient {
                response.headers.addVary(.acceptLanguage)
                if cookie != nil { response.headers.addVary(.cookie) }
            }
        }
        if response.body.runsLater {
            response.body = response.body.running { operation in
                try await SelectedLanguage.$choice.withValue(choice) { try await operation() }
            }
        }
        return response
    }
}

/// The language of the request that the current task answers.
public enum SelectedLanguage {
    @TaskLocal static var choice: LanguageChoice?

    /// The code as the site writes it; `nil` outside of ``LanguageSelection``.
    public static var current: String? { choice?.select().code }
}

extension Request {
    /// The language that was selected for the client, as the site writes its code; `nil` outside of ``LanguageSelection``.
    ///
    /// Asking for it makes the answer vary by what it was selected by.
    public var language: String? { storage[LanguageChoice.self]?.select().code }
}
