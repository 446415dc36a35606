internal import CCurl

/// A `POST` to another machine, over HTTP or HTTPS. Redirects are not followed.
public struct HTTPTransfer: Sendable {
    /// What came back.
    public struct Answer: Sendable {
        /// The status.
        public let status: Int
        /// The header fields of the last answer, names in lower case.
        public let headers: [(name: String, value: String)]
        /// The content, up to 64 KB of it.
        public let content: [UInt8]

        /// Makes an answer, as tests do.
        package init(status: Int, headers: [(name: String, value: String)], content: [UInt8]) {
            self.status = status
            self.headers = headers
            self.content = content
        }

        /// The first value of a header field; `nil` when it is absent.
        ///
        /// - Parameter name: In lower case.
        public func header(_ name: String) -> String? {
            headers.first { $0.name == name }?.value
        }
    }

    /// Where to: `https://…` or `http://…`.
    public var url: String
    /// The header fields.
    public var headers: [(name: String, value: String)]
    /// The content.
    public var body: [UInt8]
    /// How long all of it may take.
    public var timeout: Duration
    /// A file with the certificates to believe, in PEM; the system's unless told.
    public var certificateAuthorities: String?

    /// Describes a transfer.
    ///
    /// - Parameter timeout: 10 seconds unless told.
    public init(
        url: String, headers: [(name: String, value: String)] = [], body: [UInt8], timeout: Duration = .seconds(10),
        certificateAuthorities: String? = nil
    ) {
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.certificateAuthorities = certificateAuthorities
    }

    private static let answerLimit = 65_536

    /// Sends it, keeping the thread.
    func perform() throws(TransferError) -> Answer {
        let handle = try CurlHandle(
            url: url, protocols: CURLPROTO_HTTP | CURLPROTO_HTTPS, timeout: timeout,
            certificateAuthorities: certificateAuthorities)
        try handle.set(CURLOPT_POST, 1)
        try handle.set(CURLOPT_POSTFIELDSIZE, body.count)
        // Waiting for "100 Continue" costs a second where the other end does not know it.
        let lines = headers.map { "\($0.name): \($0.value)" } + ["Expect:"]
        try handle.set(CURLOPT_HTTPHEADER, lines)
        let traffic = try handle.perform(upload: body, keeping: Self.answerLimit)
        return Answer(
            status: handle.status, headers: Self.headers(traffic.headerBytes), content: traffic.content)
    }

    /// The fields behind the last status line.
    private static func headers(_ bytes: [UInt8]) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            if line.hasPrefix("HTTP/") {
                fields = []
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                fields.append((line[..<colon].lowercased(), String(value)))
            }
        }
        return fields
    }
}
