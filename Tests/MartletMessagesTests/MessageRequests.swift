import FoundationEssentials
import MartletHTTP
import MartletMessages
import MartletSessions
import MartletSigning

let testKeys = SigningKeys("swift-framework-test-key")
let newYear = Date(timeIntervalSince1970: 1_767_225_600)

/// A client that keeps cookies, and layers around views without a site.
struct MessageBrowser {
    var cookies: [String: String] = [:]
    var layers: [any Middleware] = [Messages(store: FallbackMessageStore(cookie: .test))]

    /// Sends a request to a view, and keeps what it sets.
    ///
    /// - Returns: The response.
    @discardableResult
    mutating func visit(_ view: @escaping Handler) async throws -> Response {
        let pairs = cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var headers = try Headers(["Host": "example.org"])
        if !pairs.isEmpty { try headers.set(.cookie, pairs.joined(separator: "; ")) }
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
            peerAddress: "127.0.0.1", isEncrypted: false)
        let response = try await compose(layers, around: view)(request)
        for field in response.headers.values(.setCookie) {
            let parts = field.split(separator: ";", maxSplits: 1).map(String.init)
            let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            cookies[pair[0]] = field.contains("Max-Age=0") ? nil : pair[1]
        }
        return response
    }

    /// The messages that the next page shows.
    mutating func read() async throws -> [Message] {
        let seen = Seen()
        try await visit { request in
            seen.add(try request.messages.read())
            return Response()
        }
        return seen.all
    }

    /// A client whose messages may overflow into a session that is kept in a cookie.
    static func withSession() throws -> MessageBrowser {
        let store = try SignedCookieSessionStore(keys: testKeys)
        return MessageBrowser(
            layers: [
                Sessions(SessionSettings(), store: store), Messages(store: FallbackMessageStore(cookie: .test)),
            ])
    }
}

extension CookieMessageStore {
    /// A store whose clock stands still.
    static let test = CookieMessageStore(keys: testKeys) { newYear }
}
