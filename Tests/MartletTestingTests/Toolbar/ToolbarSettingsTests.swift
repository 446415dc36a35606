import MartletHTTP
import MartletSite
import Testing

/// The settings whose names begin with `DEBUG_TOOLBAR`.
@Suite struct ToolbarSettingsTests {
    static let networks: [(String?, sees: [String], not: [String])] = [
        (nil, ["127.0.0.1", "127.9.9.9", "::1"], ["10.0.0.1", "192.168.1.1", "203.0.113.7", "unix", ""]),
        ("loopback", ["127.0.0.1", "::1"], ["10.0.0.1"]),
        ("private", ["127.0.0.1", "172.17.0.1", "unix"], ["203.0.113.7"]),
        ("loopback,203.0.113.0/24", ["127.0.0.1", "203.0.113.7"], ["10.0.0.1"]),
        ("unix", ["unix"], ["127.0.0.1"]),
    ]

    @Test(arguments: networks)
    func `this machine sees the toolbar, and whom the setting names`(
        _ text: String?, _ sees: [String], _ not: [String]
    ) throws {
        let variables = ["DEBUG": "true"].merging(text.map { ["DEBUG_TOOLBAR_NETWORKS": $0] } ?? [:]) { $1 }
        let toolbar = try Settings(Environment(variables)).toolbar
        #expect(toolbar.isOn)
        for address in sees { #expect(AddressRange.contain(address, toolbar.networks)) }
        for address in not { #expect(!AddressRange.contain(address, toolbar.networks)) }
    }

    @Test(arguments: [
        ("DEBUG_TOOLBAR_NETWORKS", "everybody"), ("DEBUG_TOOLBAR_NETWORKS", "10.0.0.1/8"), ("DEBUG_TOOLBAR", "maybe"),
    ])
    func `what does not fit is told by its name`(_ name: String, _ value: String) {
        let error = #expect(throws: SettingsError.self) {
            _ = try Settings(Environment(["DEBUG": "true", name: value]))
        }
        #expect(error?.description.contains(name) == true)
    }
}
