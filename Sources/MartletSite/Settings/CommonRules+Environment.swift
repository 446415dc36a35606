package import MartletMiddleware

extension CommonRules {
    /// Reads the layer's settings, by Django's names.
    ///
    /// - Returns: `nil` when nothing is to be done.
    package init?(_ reader: inout SettingsReader, appendsSlash: Bool) {
        let prependsWWW = reader.bool(
            "PREPEND_WWW", default: false, about: "Redirects example.org to www.example.org.")
        let agents = reader.patterns(
            "DISALLOWED_USER_AGENTS", about: "Regular expressions, with commas, of user agents that get 403.")
        guard prependsWWW || !agents.isEmpty else { return nil }
        self.init(prependsWWW: prependsWWW, disallowedUserAgents: agents, appendsSlash: appendsSlash)
    }
}
