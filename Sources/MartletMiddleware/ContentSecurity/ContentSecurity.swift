public import MartletHTTP
import MartletRouting

/// Tells browsers what pages may load and run: `Content-Security-Policy`, with nonces.
///
/// ```swift
/// ContentSecurity([.defaultSrc: [.selfOrigin], .scriptSrc: [.selfOrigin, .nonce]])
/// ```
///
/// The header has a nonce only where the page has asked for one. A header that a view has set stays as it is, and a route
/// may say otherwise: ``MartletRouting/Route/contentSecurity(_:)``. A 304 has no such header, for the page that the client
/// has kept goes with the header, and the nonce, that came with it.
///
/// Source: Django 6, [content security policy](https://docs.djangoproject.com/en/6.0/ref/csp/).
public struct ContentSecurity: OrderedMiddleware {
    private let enforced: RenderedPolicy?
    private let reportOnly: RenderedPolicy?

    /// Makes the layer.
    ///
    /// - Parameters:
    ///   - policy: What browsers keep to.
    ///   - reportOnly: A policy whose violations browsers only report, to try one out.
    public init(_ policy: ContentSecurityPolicy? = nil, reportOnly: ContentSecurityPolicy? = nil) {
        enforced = policy.map(RenderedPolicy.init)
        self.reportOnly = reportOnly.map(RenderedPolicy.init)
    }

    /// Sets the headers.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        var (enforced, reportOnly) = (enforced, reportOnly)
        if let route = request.route {
            if let choice = route.storage[PolicyOfRoute.self] { enforced = choice.policy }
            if let choice = route.storage[ReportOnlyPolicyOfRoute.self] { reportOnly = choice.policy }
        }
        guard enforced?.usesNonce == true || reportOnly?.usesNonce == true else {
            var response = try await next(request)
            response.set(enforced, reportOnly, nonce: nil)
            return response
        }
        var request = request
        let nonce = PolicyNonce()
        request.storage[PolicyNonce.self] = nonce
        var response = try await next(request)
        response.set(enforced, reportOnly, nonce: nonce.close())
        return response
    }
}

extension Response {
    fileprivate mutating func set(_ enforced: RenderedPolicy?, _ reportOnly: RenderedPolicy?, nonce: String?) {
        guard status != .notModified else { return }
        if let text = enforced?.text(nonce: nonce) {
            headers.addMissing([Headers.Field(name: .contentSecurityPolicy, value: text)])
        }
        if let text = reportOnly?.text(nonce: nonce) {
            headers.addMissing([Headers.Field(name: .contentSecurityPolicyReportOnly, value: text)])
        }
    }
}

extension HeaderName {
    fileprivate static let contentSecurityPolicyReportOnly = HeaderName(
        literal: "Content-Security-Policy-Report-Only")
}
