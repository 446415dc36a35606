import MartletCrypto
import MartletHTTP

/// A file of the toolbar, which pages load from the site itself, as a strict policy wants it.
struct ToolbarAsset: Sendable {
    let name: String
    let type: MediaType
    let content: String
    /// A browser may keep a version for ever: another one has another address.
    let version: String

    private init(_ name: String, _ type: String, _ content: String) {
        self.name = name
        self.type = MediaType(type) ?? .plainText
        self.content = content
        let digest = (try? Digest.sha256(of: Array(content.utf8))) ?? []
        version = digest.prefix(6).map { String(Int($0) | 0x100, radix: 16).dropFirst() }.joined()
    }

    /// For the toolbar's place in a page of the site: every rule begins with its element's name.
    static let mountStyle = ToolbarAsset("mount.css", "text/css; charset=utf-8", toolbarMountStyle)
    /// For the panels, in a page of their own or behind a shadow root.
    static let style = ToolbarAsset("panels.css", "text/css; charset=utf-8", toolbarPanelStyle)
    static let script = ToolbarAsset("toolbar.js", "text/javascript; charset=utf-8", toolbarScript)

    static let all = [mountStyle, style, script]

    var address: String { "\(DebugToolbar.prefix)\(name)?v=\(version)" }

    func response(to request: Request) -> Response {
        var response = Response(content: Array(content.utf8), contentType: type)
        let isVersion = request.query["v"] == version
        response.headers.setUnchecked(
            .cacheControl, isVersion ? "private, max-age=31536000, immutable" : "no-cache")
        return response
    }
}
