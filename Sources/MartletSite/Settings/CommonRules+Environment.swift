package import MartletMiddleware

extension CommonRules {
    /// Reads the layer's settings, by Django's names.
    ///
    /// - Returns: `nil` when nothing is to be done.
    package init?(_ reader: inout SettingsReader, appendsSlash: Bool) {
        let prependsWWW = reader.bool("PREPEND_WWW", default: false)
        let agents = reader.patterns("DISALLOWED_USER_AGENTS")
        guard prependsWWW || !agents.isEmpty else { return nil }
        self.init(prependsWWW: prependsWWW, disallowedUserAgents: agents, appendsSlash: appendsSlash)
    }
}
