/// A response: status, headers and content.
///
/// ```swift
/// return Response("Hello")
/// return Response.html("<p>Hello</p>", status: .created)
/// ```
public struct Response: Sendable {
    /// The status.
    public var status: HTTPStatus

    /// The header fields. `Content-Length`, `Date` and `Connection` are the server's to write.
    public var headers: Headers

    /// The content.
    public var body: ResponseBody

    /// What layers tell each other about this response, by type; never sent.
    public var storage = RequestStorage()

    /// Makes a response from a body as it is.
    public init(status: HTTPStatus = .ok, headers: Headers = Headers(), body: ResponseBody = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Makes a plain-text response.
    ///
    /// - Parameters:
    ///   - text: The content, sent as UTF-8.
    ///   - status: 200 unless told.
    public init(_ text: String, status: HTTPStatus = .ok) {
        self.init(content: Array(text.utf8), contentType: .plainText, status: status)
    }

    /// Makes a response with bytes of a media type.
    public init(content: [UInt8], contentType: MediaType, status: HTTPStatus = .ok) {
        self.init(status: status, body: .bytes(content))
        headers.setUnchecked(.contentType, contentType.description)
    }

    /// Makes an HTML response.
    public static func html(_ text: String, status: HTTPStatus = .ok) -> Response {
        Response(content: Array(text.utf8), contentType: .html, status: status)
    }
}
