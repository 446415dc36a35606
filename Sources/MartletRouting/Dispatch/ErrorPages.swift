public import MartletHTTP
import MartletJSON

/// Renders the responses of errors.
///
/// ```swift
/// let pages = ErrorPages { request, page in
///     guard page.status == .notFound, !request.prefersJSONErrors else { return page.standard(for: request) }
///     return try render(request, "404.html", ["message": page.message], status: .notFound)
/// }
/// ```
public struct ErrorPages: Sendable {
    let render: @Sendable (Request, ErrorPage) async throws -> Response

    /// Makes a renderer. When it throws, the error is reported and the standard page is sent.
    public init(_ render: @escaping @Sendable (Request, ErrorPage) async throws -> Response) {
        self.render = render
    }

    /// A small page, or JSON where the client prefers it or the route says so.
    public static let standard = ErrorPages { request, page in page.standard(for: request) }
}

/// What an error response has to say.
public struct ErrorPage: Sendable {
    /// The status of the response.
    public let status: HTTPStatus

    /// What to tell the client. It may quote the request: escape it in HTML.
    public let message: String

    /// What was thrown. Not for the client.
    public let error: any Error

    /// Makes a page.
    public init(status: HTTPStatus, message: String, error: any Error) {
        self.status = status
        self.message = message
        self.error = error
    }

    /// A small HTML page, or `{"detail":"…"}`, of bad input with `field` and `rule`; see
    /// ``MartletHTTP/Request/prefersJSONErrors``.
    public func standard(for request: Request) -> Response {
        var response: Response
        if request.prefersJSONErrors {
            response = .json(bytes: json, status: status)
        } else {
            response = .html(html, status: status)
        }
        response.headers.addVary(.accept)
        return response
    }

    /// The message, and of bad input which field and which rule.
    private var json: [UInt8] { JSON.errorBody(message, (error as? any HTTPResponseError)?.input) }

    private var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>\(status.code) \(status.reason.htmlEscaped)</title></head>
        <body><h1>\(status.reason.htmlEscaped)</h1><p>\(message.htmlEscaped)</p></body>
        </html>

        """
    }
}

extension String {
    fileprivate var htmlEscaped: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#x27;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
