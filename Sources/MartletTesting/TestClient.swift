public import MartletHTTP
public import MartletJSON
import MartletMiddleware
import MartletServer
public import MartletSite
import Synchronization
import Testing

/// Sends requests to a site in the same process, without a socket: through the middleware to the view and back.
///
/// ```swift
/// let response = try await TestClient().get("/")
/// #expect(response.status == .ok)
/// ```
///
/// Cookies are kept from one request to the next, as a browser does. CSRF tokens are not asked for unless
/// `enforceCSRFChecks` is on, as with Django's client.
public final class TestClient: Sendable {
    private let site: RunningSite?
    private let enforceCSRFChecks: Bool
    private let nPlusOne: NPlusOne
    private let place: SourceLocation

    /// Kept between requests that a test may send at once.
    private let cookies = Mutex<[String: String]>([:])

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - site: The site; that of the current test unless told.
    ///   - enforceCSRFChecks: Whether requests need the CSRF token that a page has given.
    ///   - nPlusOne: What comes of a request that runs statements of one shape again and again.
    ///   - file, path, line, column: Where the client is made, for what it has to say.
    public init(
        _ site: RunningSite? = nil, enforceCSRFChecks: Bool = false, nPlusOne: NPlusOne = .logs,
        file: String = #fileID, path: String = #filePath, line: Int = #line, column: Int = #column
    ) {
        self.site = site ?? RunningSite.current
        self.enforceCSRFChecks = enforceCSRFChecks
        self.nPlusOne = nPlusOne
        place = SourceLocation(fileID: file, filePath: path, line: line, column: column)
    }

    /// Sends a `GET`.
    public func get(_ target: String, headers: Headers = Headers()) async throws -> TestResponse {
        try await send(.get, target, headers: headers)
    }

    /// Sends a form, as a browser does.
    public func post(
        _ target: String, form: KeyValuePairs<String, String>, headers: Headers = Headers()
    ) async throws -> TestResponse {
        let pairs = form.map { "\(Self.encoded($0.key))=\(Self.encoded($0.value))" }
        var headers = headers
        headers.setUnchecked(.contentType, MediaType.form.description)
        return try await send(.post, target, headers: headers, body: Array(pairs.joined(separator: "&").utf8))
    }

    /// Sends a form with files, as a browser does with `enctype="multipart/form-data"`.
    ///
    /// - Parameters:
    ///   - form: The fields, which come before the files.
    ///   - files: The files, by the names of their fields; a name may stand several times.
    public func post(
        _ target: String, form: KeyValuePairs<String, String> = [:], files: KeyValuePairs<String, TestFile>,
        headers: Headers = Headers()
    ) async throws -> TestResponse {
        var headers = headers
        headers.setUnchecked(.contentType, MultipartForm.contentType)
        let body = MultipartForm(fields: form, files: files).content
        return try await send(.post, target, headers: headers, body: body)
    }

    /// Sends a request.
    ///
    /// - Parameter target: The path and query as they stand on the request line, percent-encoded.
    /// - Throws: ``TestClientError`` when no site is bound to the test or the target is no path; what the site throws.
    public func send(
        _ method: HTTPMethod, _ target: String, headers: Headers = Headers(), body: [UInt8] = []
    ) async throws -> TestResponse {
        guard let site else { throw TestClientError.noSite }
        var headers = headers
        if headers[.host] == nil { headers.setUnchecked(.host, "testserver") }
        let jar = cookies.withLock { $0 }
        if !jar.isEmpty, headers[.cookie] == nil {
            headers.setUnchecked(
                .cookie, jar.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
        }
        var request = try makeRequest(method, target, headers, body)
        request.skipsCSRFChecks = !enforceCSRFChecks
        request.limits = site.settings.server.requestLimits
        let response: Response
        let content: [UInt8]
        do {
            (response, content) = try await nPlusOne.watching(request, place) {
                let response = try await site.handle(request)
                keepCookies(of: response)
                return (response, method == .head ? [] : try await response.body.collect())
            }
        } catch {
            await Self.finish(request, hasFailed: true)
            throw error
        }
        await Self.finish(request, hasFailed: false)
        return TestResponse(status: response.status, headers: response.headers, body: content)
    }

    /// Waits for what is done after the response, so that a test sees what came of it.
    private static func finish(_ request: Request, hasFailed: Bool) async {
        guard request.closeAfterResponse() else { return }
        let tasks = Mutex<[Task<Void, Never>]>([])
        // The site hears of errors.
        request.settleAfterResponse(
            hasFailed: hasFailed, adopt: { more in tasks.withLock { $0 += more } }, report: { _, _ in })
        // What runs may register more.
        while let task = tasks.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { await task.value }
    }

    private func makeRequest(
        _ method: HTTPMethod, _ target: String, _ headers: Headers, _ body: [UInt8]
    ) throws -> Request {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard target.hasPrefix("/") else { throw TestClientError.noPath(target) }
        let path = PercentCoding.decode(parts[0].utf8)
        return Request(
            method: method, target: target, path: path, queryString: parts.count > 1 ? String(parts[1]) : "",
            headers: headers, body: RequestBody(body), peerAddress: "127.0.0.1", isEncrypted: false)
    }

    /// A name or value of a form, with everything but letters and digits as `%XX`.
    private static func encoded(_ text: String) -> String {
        PercentCoding.encode(text.utf8) { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
    }

    private func keepCookies(of response: Response) {
        for line in response.headers.values(.setCookie) {
            let parts = line.split(separator: ";").map { $0.trimmingBlanks() }
            guard let pair = parts.first, let equals = pair.firstIndex(of: "=") else { continue }
            let name = String(pair[..<equals])
            let isDeleted = parts.dropFirst().contains { $0.lowercased() == "max-age=0" }
            let value = String(pair[pair.index(after: equals)...])
            cookies.withLock { $0[name] = isDeleted ? nil : value }
        }
    }

    /// The value of a cookie the site has set.
    public func cookie(_ name: String) -> String? {
        cookies.withLock { $0[name] }
    }
}

/// What a site has answered.
public struct TestResponse: Sendable {
    /// The status.
    public let status: HTTPStatus
    /// The header fields the site has set; those the server adds are not among them.
    public let headers: Headers
    /// The content.
    public let body: [UInt8]

    /// The content as text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The content as JSON.
    ///
    /// - Throws: `JSONError` when it is none.
    public var json: JSONValue {
        get throws { try JSON.parse(body) }
    }
}

/// Why a request could not be sent.
public enum TestClientError: Error, Sendable, CustomStringConvertible {
    /// The test has no site.
    case noSite
    /// The target is not a path.
    case noPath(String)

    /// What is missing.
    public var description: String {
        switch self {
        case .noSite: "No site is bound to this test. Give the suite the `.database` trait, or the client a site."
        case .noPath(let target): "'\(target)' is no path; it must begin with '/'."
        }
    }
}
