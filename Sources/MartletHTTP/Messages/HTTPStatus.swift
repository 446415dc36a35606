/// A response status.
///
/// Source: [RFC 9110 §15](https://www.rfc-editor.org/rfc/rfc9110#section-15).
public struct HTTPStatus: Sendable, Hashable, CustomStringConvertible {
    /// The code, 100 to 599.
    public let code: Int

    /// The reason phrase; clients ignore it, people read it in traces.
    public let reason: String

    /// Makes a status from its code, with the registered reason phrase where there is one.
    ///
    /// - Parameters:
    ///   - code: 100 to 599.
    ///   - reason: The phrase to send instead of the registered one.
    public init(_ code: Int, reason: String? = nil) {
        self.code = code
        self.reason = reason ?? Self.registered[code] ?? "Unknown"
    }

    /// Two statuses are the same when their codes are.
    public static func == (left: HTTPStatus, right: HTTPStatus) -> Bool { left.code == right.code }

    /// Hashes the code.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// `404 Not Found`.
    public var description: String { "\(code) \(reason)" }

    /// 1xx: an interim answer.
    public var isInformational: Bool { code < 200 }
    /// 2xx.
    public var isSuccess: Bool { (200..<300).contains(code) }
    /// 3xx.
    public var isRedirect: Bool { (300..<400).contains(code) }
    /// 4xx.
    public var isClientError: Bool { (400..<500).contains(code) }
    /// 5xx.
    public var isServerError: Bool { code >= 500 }

    /// Whether a response of this status never has content (RFC 9110 §6.4.1).
    public var forbidsContent: Bool { isInformational || code == 204 || code == 304 }

    /// 100 Continue
    public static let `continue` = HTTPStatus(100)
    /// 101 Switching Protocols
    public static let switchingProtocols = HTTPStatus(101)
    /// 200 OK
    public static let ok = HTTPStatus(200)
    /// 201 Created
    public static let created = HTTPStatus(201)
    /// 202 Accepted
    public static let accepted = HTTPStatus(202)
    /// 204 No Content
    public static let noContent = HTTPStatus(204)
    /// 206 Partial Content
    public static let partialContent = HTTPStatus(206)
    /// 301 Moved Permanently
    public static let movedPermanently = HTTPStatus(301)
    /// 302 Found
    public static let found = HTTPStatus(302)
    /// 303 See Other
    public static let seeOther = HTTPStatus(303)
    /// 304 Not Modified
    public static let notModified = HTTPStatus(304)
    /// 307 Temporary Redirect
    public static let temporaryRedirect = HTTPStatus(307)
    /// 308 Permanent Redirect
    public static let permanentRedirect = HTTPStatus(308)
    /// 400 Bad Request
    public static let badRequest = HTTPStatus(400)
    /// 401 Unauthorized
    public static let unauthorized = HTTPStatus(401)
    /// 403 Forbidden
    public static let forbidden = HTTPStatus(403)
    /// 404 Not Found
    public static let notFound = HTTPStatus(404)
    /// 405 Method Not Allowed
    public static let methodNotAllowed = HTTPStatus(405)
    /// 406 Not Acceptable
    public static let notAcceptable = HTTPStatus(406)
    /// 408 Request Timeout
    public static let requestTimeout = HTTPStatus(408)
    /// 409 Conflict
    public static let conflict = HTTPStatus(409)
    /// 410 Gone
    public static let gone = HTTPStatus(410)
    /// 411 Length Required
    public static let lengthRequired = HTTPStatus(411)
    /// 412 Precondition Failed
    public static let preconditionFailed = HTTPStatus(412)
    /// 413 Content Too Large
    public static let contentTooLarge = HTTPStatus(413)
    /// 414 URI Too Long
    public static let uriTooLong = HTTPStatus(414)
    /// 415 Unsupported Media Type
    public static let unsupportedMediaType = HTTPStatus(415)
    /// 416 Range Not Satisfiable
    public static let rangeNotSatisfiable = HTTPStatus(416)
    /// 417 Expectation Failed
    public static let expectationFailed = HTTPStatus(417)
    /// 421 Misdirected Request
    public static let misdirectedRequest = HTTPStatus(421)
    /// 422 Unprocessable Content
    public static let unprocessableContent = HTTPStatus(422)
    /// 426 Upgrade Required
    public static let upgradeRequired = HTTPStatus(426)
    /// 429 Too Many Requests
    public static let tooManyRequests = HTTPStatus(429)
    /// 431 Request Header Fields Too Large
    public static let requestHeaderFieldsTooLarge = HTTPStatus(431)
    /// 500 Internal Server Error
    public static let internalServerError = HTTPStatus(500)
    /// 501 Not Implemented
    public static let notImplemented = HTTPStatus(501)
    /// 502 Bad Gateway
    public static let badGateway = HTTPStatus(502)
    /// 503 Service Unavailable
    public static let serviceUnavailable = HTTPStatus(503)
    /// 504 Gateway Timeout
    public static let gatewayTimeout = HTTPStatus(504)
    /// 505 HTTP Version Not Supported
    public static let httpVersionNotSupported = HTTPStatus(505)

    private static let registered: [Int: String] = [
        100: "Continue", 101: "Switching Protocols",
        200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information", 204: "No Content",
        205: "Reset Content", 206: "Partial Content",
        300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone",
        411: "Length Required", 412: "Precondition Failed", 413: "Content Too Large", 414: "URI Too Long",
        415: "Unsupported Media Type", 416: "Range Not Satisfiable", 417: "Expectation Failed",
        421: "Misdirected Request", 422: "Unprocessable Content", 423: "Locked", 425: "Too Early",
        426: "Upgrade Required", 428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 451: "Unavailable For Legal Reasons",
        500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout", 505: "HTTP Version Not Supported",
    ]
}
