import FoundationEssentials
import MartletLogging
import MartletSite
import TestPrograms
import Testing

@Suite struct LoggingSettingsTests {
    private func settings(_ variables: [String: String]) throws -> LoggingSettings {
        try Settings(Environment(["DEBUG": "true"].merging(variables) { $1 })).logging
    }

    @Test func `without variables, people read info and above on standard error`() throws {
        let settings = try settings([:])
        #expect(settings.format == .console)
        #expect(settings.levels == LogLevels(.info))
        #expect(settings.destination == .standardError)
        #expect(settings.overflow == .drop)
        #expect(settings.bufferSize == 8 << 20)
        #expect(!settings.tellsAddresses)
        #expect(settings.requestStarted == .info)
        #expect(settings.quietPaths == ["/live/", "/ready/"])
        #expect(settings.nPlusOneThreshold == 5)
        #expect(settings.syslogFacility == .user)
        #expect(settings.syslogProgram == nil)
    }

    @Test func `each can be another`() throws {
        let settings = try settings([
            "LOG_FORMAT": "logfmt", "LOG_LEVEL": "warning", "LOG_LEVELS": "martlet.sql=debug, blog.views=ERROR",
            "LOG_DESTINATION": "syslog+tcp://[::1]:601", "LOG_WHEN_FULL": "block", "LOG_BUFFER_SIZE": "1MB",
            "LOG_IP": "true", "LOG_REQUEST_STARTED": "off", "LOG_QUIET_PATHS": "/live/,/metrics",
            "LOG_N_PLUS_ONE": "0", "LOG_SYSLOG_FACILITY": "local3", "LOG_SYSLOG_PROGRAM": "blog",
        ])
        #expect(settings.format == .logfmt)
        #expect(settings.levels == LogLevels(.warning, ["martlet.sql": .debug, "blog.views": .error]))
        #expect(settings.destination == .syslog(.tcp("::1", port: 601)))
        #expect(settings.overflow == .block)
        #expect(settings.bufferSize == 1 << 20)
        #expect(settings.tellsAddresses)
        #expect(settings.requestStarted == nil)
        #expect(settings.quietPaths == ["/live/", "/metrics"])
        #expect(settings.nPlusOneThreshold == 0)
        #expect(settings.syslogFacility == .local3)
        #expect(settings.syslogProgram == "blog")
    }

    @Test(arguments: [
        ("LOG_LEVELS", "blog", "LOG_LEVELS has \"blog\"; it must be the beginning of a logger's name"),
        ("LOG_LEVELS", "=debug", "it must be the beginning"), ("LOG_LEVELS", "a=b=debug", "it must be the beginning"),
        ("LOG_LEVELS", "blog=loud", "it must be the beginning"),
        ("LOG_DESTINATION", "site.log", "it must be stderr, stdout, a file such as file:/var/log/site.log"),
        ("LOG_DESTINATION", "file:site.log", "it must be stderr"),
        ("LOG_DESTINATION", "file:/a\0b", "it must be stderr"),
        ("LOG_DESTINATION", "syslog+http://a", "it must be stderr"),
        ("LOG_DESTINATION", "syslog:'\"; DROP", "it must be stderr"),
        ("LOG_WHEN_FULL", "wait", "one of drop, block"), ("LOG_BUFFER_SIZE", "1KB", "a size from 64KB to 1GB"),
        ("LOG_BUFFER_SIZE", "2GB", "a size from 64KB to 1GB"), ("LOG_IP", "maybe", "true or false"),
        ("LOG_REQUEST_STARTED", "warning", "one of info, debug, off"),
        ("LOG_N_PLUS_ONE", "-1", "a whole number from 0"), ("LOG_SYSLOG_FACILITY", "kern", "one of user, daemon"),
    ])
    func `what is no setting is told`(_ name: String, _ value: String, _ message: String) {
        let error = #expect(throws: SettingsError.self) { try settings([name: value]) }
        #expect(error?.problems.count == 1)
        #expect(error?.description.contains(message) == true)
        #expect(error?.description.contains(name) == true)
    }

    @Test func `every setting of the log is shown by manage settings`() {
        var reader = SettingsReader(Environment(["DEBUG": "true"]))
        _ = Settings(&reader)
        let names = reader.declared.map(\.name).filter { $0.hasPrefix("LOG_") }
        #expect(
            names == [
                "LOG_FORMAT", "LOG_LEVEL", "LOG_LEVELS", "LOG_DESTINATION", "LOG_WHEN_FULL", "LOG_BUFFER_SIZE",
                "LOG_IP", "LOG_REQUEST_STARTED", "LOG_QUIET_PATHS", "LOG_N_PLUS_ONE", "LOG_SYSLOG_FACILITY",
                "LOG_SYSLOG_PROGRAM",
            ])
    }

    static let formats: [(String, String)] = [
        ("console", "Z [info] told [blog] n=1\n"), ("json", "\"event\":\"told\",\"logger\":\"blog\",\"n\":1}\n"),
        ("logfmt", " level=info event=told logger=blog n=1\n"),
    ]

    @Test(arguments: formats)
    func `a file gets lines of the format, without colours`(_ format: String, _ ending: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("site.log")
        let settings = try settings(["LOG_FORMAT": format, "LOG_DESTINATION": "file:\(path)"])
        Logger.with(LogSettings(levels: settings.levels, sink: try settings.makeSink())) {
            Logger("blog").info("told", n: 1)
            Logger("blog").debug("not_told")
            Logger.flush(within: nil)
        }
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(text.hasSuffix(ending))
        #expect(text.split(separator: "\n").count == 1)
    }

    @Test func `a file that cannot be written ends the start with the reason`() throws {
        let settings = try settings(["LOG_DESTINATION": "file:/nowhere/site.log"])
        let error = #expect(throws: LogDestinationError.self) { try settings.makeSink() }
        #expect(
            error?.description
                == "The log file /nowhere/site.log cannot be written: No such file or directory. Make its folder, or let "
                + "the program's user write there.")
    }
}
