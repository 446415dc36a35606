package import MartletHTTP
import MartletRouting

extension DebugReport {
    /// The report as a browser, an API's client or a terminal wants it.
    package func response(to request: Request) throws -> Response {
        var response: Response
        if request.prefersJSONErrors {
            response = Response(content: json, contentType: .json, status: page.status)
        } else if request.prefers(.html, over: .plainText) {
            response = .html(html, status: page.status)
            if let policy = DebugStyle.policy { try response.headers.set(.contentSecurityPolicy, policy) }
        } else {
            response = Response(text, status: page.status)
        }
        response.headers.addVary(.accept)
        return response
    }
}
