import MartletDebugging
import MartletHTTP

extension DebugToolbar {
    /// The toolbar of a site in debug mode.
    ///
    /// - Returns: `nil` outside of debug mode, whatever else is set, and where it is switched off: then there is nothing of
    ///   it in the site.
    convenience init?(_ settings: Settings) {
        guard settings.debug, settings.toolbar.isOn else { return nil }
        self.init(
            Rules(
                networks: settings.toolbar.networks, hosts: settings.allowedHosts, staticURL: settings.staticURL,
                threshold: settings.logging.nPlusOneThreshold, settings: Self.listing(settings)))
    }

    /// What `manage settings` prints; of settings that were made in code, what they hold.
    private static func listing(_ settings: Settings) -> [Setting] {
        guard settings.declared.all.isEmpty else {
            return settings.declared.all.map {
                Setting(section: $0.section, name: $0.name, value: $0.value, origin: $0.origin)
            }
        }
        return SettingsListing(reflecting: settings).entries.map {
            Setting(section: "Settings", name: $0.name, value: $0.value, origin: "")
        }
    }
}
