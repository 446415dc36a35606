public import MartletHTTP

/// Whether pages have the debug toolbar in debug mode, and for whom: the settings whose names begin with `DEBUG_TOOLBAR`.
public struct ToolbarSettings: Sendable {
    /// `DEBUG_TOOLBAR`: whether there is one while `DEBUG` is on; without `DEBUG` there is none whatever this says.
    public var isOn: Bool
    /// `DEBUG_TOOLBAR_NETWORKS`: who may look; this machine unless told. Django's `INTERNAL_IPS`.
    public var networks: [AddressRange]

    private static let loopback = ["127.0.0.0/8", "::1"].compactMap(AddressRange.init)

    init(_ reader: inout SettingsReader) {
        isOn = reader.bool(
            "DEBUG_TOOLBAR", default: true, for: .web,
            about: "false shows pages without the debug toolbar while DEBUG is true.")
        networks = []
        for text in reader.list(
            "DEBUG_TOOLBAR_NETWORKS", default: ["loopback"], for: .web,
            about: "Networks that see the debug toolbar while DEBUG is true, with commas; loopback for this machine, "
                + "private for networks that are nobody else's, such as those of containers.")
        {
            switch text {
            case "loopback": networks += Self.loopback
            case "private": networks += Settings.privateNetworks
            default:
                if let network = AddressRange(text) {
                    networks.append(network)
                } else {
                    reader.report(
                        "DEBUG_TOOLBAR_NETWORKS",
                        expected: "loopback, private, unix, addresses or networks such as 10.0.0.0/8")
                }
            }
        }
    }
}
