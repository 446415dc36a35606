import MartletHTTP

extension Settings {
    /// The networks that are nobody's but the owner's: this machine, RFC 1918, RFC 6598 (which clouds give to pods), RFC 4193
    /// and the addresses that are valid on one link only; and Unix sockets.
    static let privateNetworks = [
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "::1",
        "fc00::/7", "fe80::/10", "unix",
    ].compactMap(AddressRange.init)

    /// Reads who may look at health and metrics, and how long a look may take.
    static func watching(_ reader: inout SettingsReader) -> (networks: [AddressRange], timeout: Duration) {
        reader.section("Health and metrics", for: .web)
        var networks: [AddressRange] = []
        let expected = "private, unix, addresses or networks such as 10.0.0.0/8"
        for text in reader.list(
            "INTERNAL_NETWORKS", default: ["private"],
            about: "Networks that may ask for /live/, /ready/ and /metrics, with commas; private for those that are "
                + "nobody else's. 0.0.0.0/0,::/0 lets everybody ask.")
        {
            if text == "private" {
                networks += privateNetworks
            } else if let network = AddressRange(text) {
                networks.append(network)
            } else {
                reader.report("INTERNAL_NETWORKS", expected: expected)
            }
        }
        let timeout = reader.duration(
            "HEALTH_TIMEOUT", default: .milliseconds(800),
            about: "How long the database or the cache may take to answer /ready/; less than whoever asks waits.")
        return (networks, timeout)
    }
}
