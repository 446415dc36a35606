import MartletSite

// Whether the variables are what was meant.

extension Check {
    /// Settings that a server would not start with. Without `--deploy` a machine that only builds need not have any.
    static let settings = Check(.settings, isForDeployment: true) { context in
        context.settingsProblems.map { .error("settings.E001", $0) }
    }

    /// Values that look as if they were not meant, and how `.env` was read.
    static let variables = Check(.settings) { context in
        let (reader, _) = context.site.readSettings(context.environment)
        return context.oddities.map {
            .warning("settings.W001", $0, hint: "Write it again if that is not meant; `manage settings` shows it.")
        }
            + context.environment.notes.map { .warning("settings.W002", $0) }
            + context.site.strayVariables(context.environment, reader).map { .warning("settings.W003", $0) }
    }

    /// Debug mode where the environment says that it is production's.
    static let debugInProduction = Check(.settings, .security) { context in
        guard let settings = context.settings, settings.debug, settings.reports.environment == "production" else {
            return []
        }
        return [
            .error(
                "settings.E002", "DEBUG is true, and ENVIRONMENT is production.",
                hint: "Take DEBUG out: it shows strangers the code and the settings of the site.")
        ]
    }
}
