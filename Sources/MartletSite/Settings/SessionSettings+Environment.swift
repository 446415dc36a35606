import MartletHTTP
public import MartletSessions

extension SessionSettings {
    /// Reads Django's settings whose names begin with `SESSION_`; `Docs/sessions.md` lists them.
    ///
    /// What does not fit is reported to the reader, and the default stands.
    public init(_ reader: inout SettingsReader) {
        self.init()
        let engines = SessionEngine.all.map(\.description).joined(separator: ", ")
        reader.section("Sessions", for: .web)
        reader.read(
            "SESSION_ENGINE", expected: "one of \(engines)", into: &engine, default: "database", for: [.web, .command],
            about: "Where sessions are kept: \(engines)."
        ) { SessionEngine(named: $0) }
        folder = reader.optionalText(
            "SESSION_FILE_PATH", for: [.web, .command], about: "The folder of sessions that are kept in files.")
        reader.cookie("SESSION_COOKIE", into: &cookie, of: "sessions")
        var age: Duration? = lifetime.age
        reader.cookieAge("SESSION_COOKIE_AGE", into: &age, orBrowser: false)
        lifetime.age = age ?? lifetime.age
        lifetime.endsWithBrowser = reader.bool(
            "SESSION_EXPIRE_AT_BROWSER_CLOSE", default: false, about: "Whether sessions end with the browser.")
        savesEveryRequest = reader.bool(
            "SESSION_SAVE_EVERY_REQUEST", default: false,
            about: "Whether every request puts the end of its session off, not only one that changes it.")
    }
}
