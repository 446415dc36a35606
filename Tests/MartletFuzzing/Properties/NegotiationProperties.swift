import MartletHTTP
import MartletValues

/// What clients say of types, dates and addresses is understood or passed over, and never out of bounds.
enum NegotiationProperties {
    @Sendable static func check(_ input: [UInt8]) {
        let text = String(decoding: input.map { $0.isFieldValueByte ? $0 : 0x20 }, as: UTF8.self)
        let fields: KeyValuePairs = [
            "Accept": text, "Host": text, "X-Forwarded-For": text, "X-Forwarded-Proto": text, "If-None-Match": text,
            "If-Modified-Since": text, "Accept-Language": text,
        ]
        guard let headers = try? Headers(fields) else { return require(false, "the fields are refused") }
        var request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
            peerAddress: "127.0.0.1", isEncrypted: false)
        checkTypes(request)
        checkLanguages(request, text)
        checkNames(text)
        checkHost(request, text)
        _ = request.preconditionOutcome(for: Validators(eTag: EntityTag(opaque: "a")))
        if let tag = EntityTag(text) { require(EntityTag(tag.description) == tag, "\(text) becomes \(tag)") }
        let proxies = ["127.0.0.0/8", "10.0.0.0/8"].compactMap(AddressRange.init)
        request.believe(ForwardedSettings(proxies: proxies))
        require(IPAddress(request.clientAddress) != nil, "the client \(request.clientAddress)")
        checkAddress(text)
        checkHop(text)
    }

    /// Whatever a client sends, the address that the proxy has added behind it is the client's.
    private static func checkHop(_ text: String) {
        guard let headers = try? Headers(["X-Forwarded-For": text + ", 192.0.2.1"]) else {
            return require(false, "the field is refused")
        }
        var request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
            peerAddress: "127.0.0.1", isEncrypted: false)
        request.believe(ForwardedSettings(proxies: ["127.0.0.0/8"].compactMap(AddressRange.init)))
        require(request.clientAddress == "192.0.2.1", "\(text) makes the client \(request.clientAddress)")
    }

    private static func checkTypes(_ request: Request) {
        for type in [MediaType.html, .json, .octetStream] {
            let quality = request.accepted.quality(of: type)
            require((0...1).contains(quality), "\(type) has the weight \(quality)")
        }
    }

    private static func checkLanguages(_ request: Request, _ text: String) {
        for range in request.acceptedLanguages.ranges {
            require((0...1).contains(range.quality), "\(range.code) has the weight \(range.quality)")
        }
        let languages = SiteLanguages(["en", "de", "pt-br", "zh-hant"], default: "en")
        require(languages.codes.contains(request.language(among: languages)), "a language that the site has not")
        require(languages.variant(of: text).map(languages.codes.contains) ?? true, "\(text) is a language")
    }

    /// A file's name and an address of a client become fields that are legal, and lead nowhere else.
    private static func checkNames(_ text: String) {
        let disposition = ContentDisposition.attachment(fileName: text).description
        require(disposition.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 }, disposition)
        guard SafeTarget.isSafe(text, hosts: ["a.example"], requiresHTTPS: false) else { return }
        let reference = URLReference(text.trimmingBlanks())
        require(reference.authority.map { $0.lowercased() == "a.example" } ?? true, "\(text) leads elsewhere")
    }

    private static func checkHost(_ request: Request, _ text: String) {
        guard let host = try? request.host else { return }
        require(RequestHost(host.description) == host, "\(host) is another host")
        let url = try? request.absoluteURL(for: "/x\(text)")
        require(url?.hasPrefix("http://\(host)/") == true, "the URL \(url ?? "nil")")
    }

    private static func checkAddress(_ text: String) {
        if let address = IPAddress(text) {
            require(IPAddress(address.description) == address, "\(text) becomes \(address)")
            require(AddressRange(text)?.contains(address) != false, "\(text) is not in its own range")
        }
        _ = AddressRange(text)
    }
}
