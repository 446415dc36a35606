extension Site {
    /// The settings of a process, made by the project's own function.
    ///
    /// - Parameter role: What the process is for: which variables must be there.
    /// - Throws: ``SettingsError`` with every variable that is missing or does not fit.
    public func settings(_ environment: Environment, role: Role = .web) throws(SettingsError) -> Settings {
        var reader = SettingsReader(environment, role: role)
        var settings = makeSettings(&reader)
        try reader.finish()
        if settings.debug { settings.declared = DeclaredSettings(all: reader.declared) }
        return settings
    }

    /// What the site's settings are, and what is wrong with them: the reader after the project's function has run.
    package func readSettings(_ environment: Environment, role: Role = .web) -> (SettingsReader, Settings) {
        var reader = SettingsReader(environment, role: role)
        let settings = makeSettings(&reader)
        return (reader, settings)
    }
}
