public import FoundationEssentials
public import MartletHTTP
import MartletMiddleware
import MartletRouting

/// What is known about an error beside the error itself. Values under names that look secret are hidden already.
public struct ErrorContext: Sendable {
    /// What was asked for; `nil` for an error outside of a request.
    public var request: RequestSummary?

    /// The pattern of the route, such as `/posts/<slug:slug>/`; `nil` where none matched.
    public var route: String?

    /// Where the route is declared, such as `Blog/URLs.swift:12`.
    public var routeDeclaration: String?

    /// The identifier of the request, as the log has it.
    public var requestID: String?

    /// Who was logged in: see ``ReportedUser``.
    public var userID: String?

    /// The version of the site that runs: `RELEASE`.
    public var release: String?

    /// Where it runs, such as `production`: `ENVIRONMENT`.
    public var environment: String?

    /// When it happened.
    public var date: Date

    /// Whatever else the site wants to tell, by name.
    public var extra: [String: String]

    /// Makes a context.
    ///
    /// - Parameters:
    ///   - request: The request that failed, if there is one.
    ///   - date: Now, unless told.
    ///   - extra: What else to tell; values of names that look secret are hidden.
    public init(request: Request? = nil, date: Date = .now, extra: [String: String] = [:]) {
        self.request = request.map { RequestSummary($0) }
        let info = request?.route
        route = info.map { "/" + $0.pattern }
        routeDeclaration = info.map { "\($0.file):\($0.line)" }
        requestID = request?.id
        userID = request?.storage[ReportedUser.self]
        self.date = date
        self.extra = Dictionary(uniqueKeysWithValues: extra.map { ($0, HiddenNames.shown($1, under: $0)) })
    }
}

/// Who is told in error reports, in a request's storage: set by whatever layer knows the user.
///
/// ```swift
/// request.storage[ReportedUser.self] = "\(user.id)"
/// ```
public enum ReportedUser: RequestStorageKey {
    /// An identifier, not a name: reports leave the site.
    public typealias Value = String
}
