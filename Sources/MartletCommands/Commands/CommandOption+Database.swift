import MartletSite

extension CommandOption<String?> {
    /// The database that a command works on, where a site has several.
    static var database: Self {
        Self(
            "database", placeholder: "NAME", help: "Another database than the default one, by its name in the settings."
        )
    }
}
