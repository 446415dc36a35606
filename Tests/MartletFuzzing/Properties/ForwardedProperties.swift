import MartletHTTP
import MartletValues

/// What a client writes into `Forwarded` changes nothing of what the proxies behind it have written.
enum ForwardedProperties {
    private static let proxies = ["127.0.0.0/8", "10.0.0.0/8"].compactMap(AddressRange.init)
    private static let settings = ForwardedSettings(proxies: proxies, usesForwardedHost: true, source: .forwarded)

    @Sendable static func check(_ input: [UInt8]) {
        let text = String(decoding: input.map { $0.isFieldValueByte ? $0 : 0x20 }, as: UTF8.self)
        checkClient(text)
        checkProxy("for=9.9.9.9;proto=https;host=site.example", behind: text, client: "9.9.9.9", host: "site.example")
        // A trusted proxy before another one: the last that is not trusted is the client.
        checkProxy("for=9.9.9.9;proto=https, for=10.0.0.7", behind: text, client: "9.9.9.9", host: nil)
    }

    /// Whatever it says, the client is an address, and the host is one or an error.
    private static func checkClient(_ text: String) {
        guard let request = request(["Forwarded": text]) else { return }
        require(IPAddress(request.clientAddress) != nil, "the client \(request.clientAddress)")
        if let host = try? request.host {
            require(RequestHost(host.description) == host, "\(host) is another host")
        }
        let untrusted = self.request(["Forwarded": text], peer: "8.8.8.8")
        require(untrusted?.clientAddress == "8.8.8.8", "a stranger is believed")
    }

    /// In a field of its own or behind a comma, the nearest proxies' word is the same.
    private static func checkProxy(_ word: String, behind text: String, client: String, host: String?) {
        let shapes: [KeyValuePairs<String, String>] = [
            ["Forwarded": text, "Forwarded": word], ["Forwarded": "\(text),\(word)"],
        ]
        for fields in shapes {
            guard let request = request(fields) else { continue }
            require(request.clientAddress == client, "\(fields) has the client \(request.clientAddress)")
            require(request.isSecure, "\(fields) is not secure")
            if let host { require((try? request.host.description) == host, "\(fields) has another host") }
        }
    }

    private static func request(_ fields: KeyValuePairs<String, String>, peer: String = "127.0.0.1") -> Request? {
        guard let headers = try? Headers(fields) else {
            require(false, "the fields are refused")
            return nil
        }
        var request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
            peerAddress: peer, isEncrypted: false)
        request.believe(settings)
        return request
    }
}
