/// A request, as middleware and views see it: a value, cheap to copy.
public struct Request: Sendable {
    /// What came on the wire; shared by all copies until one changes it.
    private final class Head: Sendable {
        let method: HTTPMethod
        let target: String
        let path: String
        let queryString: String
        let headers: Headers
        let peerAddress: String
        let isEncrypted: Bool
        let afterResponse = AfterResponseQueue()

        init(
            method: HTTPMethod, target: String, path: String, queryString: String, headers: Headers,
            peerAddress: String, isEncrypted: Bool
        ) {
            self.method = method
            self.target = target
            self.path = path
            self.queryString = queryString
            self.headers = headers
            self.peerAddress = peerAddress
            self.isEncrypted = isEncrypted
        }
    }

    private let head: Head

    private var content: RequestBody

    /// The content; empty for most `GET` requests. Another body keeps the limits of the one it replaces.
    public var body: RequestBody {
        get { content }
        set {
            let rules = content.ownRules
            content = newValue
            if content.ownRules == nil { content.ownRules = rules }
        }
    }

    /// What middleware has attached, by type.
    public var storage = RequestStorage()

    /// The method.
    public var method: HTTPMethod { head.method }

    /// The target as it stood on the request line: path and query, still percent-encoded.
    public var target: String { head.target }

    /// The path, percent-decoded once; always begins with `/`.
    public var path: String { head.path }

    /// The query without its `?`, still percent-encoded; empty when there is none.
    public var queryString: String { head.queryString }

    /// The header fields.
    public var headers: Headers { head.headers }

    /// The address of the other end of the socket, without its port: the client, or a proxy.
    public var peerAddress: String { head.peerAddress }

    /// Whether the socket itself is encrypted; behind a proxy see the forwarded headers.
    public var isEncrypted: Bool { head.isEncrypted }

    /// Looks at what waits for the response.
    func afterResponseQueue<Result>(_ body: (borrowing AfterResponseQueue) -> Result) -> Result {
        body(head.afterResponse)
    }

    /// Makes a request from parts that the parser has already taken apart.
    package init(
        method: HTTPMethod, target: String, path: String, queryString: String, headers: Headers, body: RequestBody,
        peerAddress: String, isEncrypted: Bool
    ) {
        head = Head(
            method: method, target: target, path: path, queryString: queryString, headers: headers,
            peerAddress: peerAddress, isEncrypted: isEncrypted)
        content = body
    }
}
