import MartletHTTP
import MartletMiddleware

/// Puts the toolbar's place into pages: a style sheet, a link and a script, each of them external.
///
/// The bytes are the same each time, so that a page's `ETag` is, too; which request it was the script reads from
/// `Server-Timing`.
struct ToolbarMounting: Middleware {
    let networks: [AddressRange]

    func respond(to request: Request, next: Handler) async throws -> Response {
        var response = try await next(request)
        guard RequestRecord.current != nil, request.comes(from: networks), Self.isWanted(by: request),
            Self.isPage(response), let bytes = response.body.bytes, let end = Self.bodyEnd(in: bytes)
        else { return response }
        var page = bytes
        page.insert(contentsOf: Self.place(for: request).utf8, at: end)
        response.body = .bytes(page)
        return response
    }

    /// Whether a browser opens it as a page of its own; one that does not tell may be asking for one.
    private static func isWanted(by request: Request) -> Bool {
        let destination = request.headers[.secFetchDest] ?? "document"
        return destination == "document" && request.headers[.xRequestedWith] == nil
    }

    private static func isPage(_ response: Response) -> Bool {
        guard !response.status.forbidsContent, !response.headers.contains(.contentEncoding),
            !response.headers.contains(.contentRange),
            let type = response.headers[.contentType].flatMap({ ParameterizedValue($0) }), type.value == "text/html"
        else { return false }
        return response.headers[.contentDisposition]?.lowercased().hasPrefix("attachment") != true
    }

    /// Where the last `</body` begins; `nil` in a part of a page.
    static func bodyEnd(in page: [UInt8]) -> Int? {
        let tag = Array("</body".utf8)
        guard page.count > tag.count else { return nil }
        var start = page.count - tag.count - 1
        while start >= 0 {
            if page[start] == tag[0], isTag(page, at: start, tag) { return start }
            start -= 1
        }
        return nil
    }

    private static func isTag(_ page: [UInt8], at start: Int, _ tag: [UInt8]) -> Bool {
        for offset in 1..<tag.count {
            let byte = page[start + offset]
            // Letters in either case.
            guard (offset == 1 ? byte : byte | 0x20) == tag[offset] else { return false }
        }
        return [0x3E, 0x20, 0x09, 0x0A, 0x0D, 0x0C].contains(page[start + tag.count])
    }

    private static func place(for request: Request) -> String {
        var html = HTMLText()
        let nonce = try? request.cspNonce
        html.tag("<link rel=\"stylesheet\"")
        html.attribute(" href=\"", ToolbarAsset.mountStyle.address)
        if let nonce { html.attribute(" nonce=\"", nonce) }
        html.tag("><martlet-toolbar")
        html.attribute(" data-style=\"", ToolbarAsset.style.address)
        html.tag("><a")
        html.attribute(" href=\"", DebugToolbar.prefix + "latest/?target=" + target(of: request))
        html.tag(">Debug</a></martlet-toolbar><script defer")
        html.attribute(" src=\"", ToolbarAsset.script.address)
        if let nonce { html.attribute(" nonce=\"", nonce) }
        html.tag("></script>")
        return html.html
    }

    /// The target, encoded once more; nothing of one that is too long for a link.
    private static func target(of request: Request) -> String {
        guard request.target.utf8.count <= 2_000 else { return "" }
        return PercentCoding.encode(request.target.utf8, keeping: \.isUnreservedByte)
    }
}

extension HeaderName {
    fileprivate static let xRequestedWith = HeaderName(literal: "X-Requested-With")
}
