import MartletHTTP
package import MartletMiddleware

extension MaintenanceMode {
    /// Reads the layer's settings.
    ///
    /// - Returns: `nil` when it is off, and no file could switch it on.
    package init?(_ reader: inout SettingsReader) {
        reader.section("Maintenance", for: .web)
        let isOn = reader.bool("MAINTENANCE_MODE", default: false, about: "Answers 503 while it is true.")
        let file = reader.optionalText("MAINTENANCE_FILE", about: "Answers 503 while this file is there.")
        var retryAfter = Duration.seconds(600)
        reader.read(
            "MAINTENANCE_RETRY_AFTER", expected: "a duration with one of the units s, m, h, such as 10m",
            into: &retryAfter, default: "10m", about: "When clients are told to come again.", Quantity.duration)
        // A supervisor would end a process that does not live.
        let paths = reader.list(
            "MAINTENANCE_EXEMPT_PATHS", default: ["/live/"],
            about: "Beginnings of paths that are served all the same, with commas.")
        let addresses = reader.list(
            "MAINTENANCE_EXEMPT_ADDRESSES", expected: "addresses or networks such as 10.0.0.0/8",
            about: "Networks whose clients are served all the same, with commas."
        ) { AddressRange($0) }
        guard isOn || file != nil else { return nil }
        self.init(
            isOn: isOn, file: file, retryAfter: retryAfter, exemptPaths: paths.map { .prefix($0) },
            exemptAddresses: addresses)
    }
}
