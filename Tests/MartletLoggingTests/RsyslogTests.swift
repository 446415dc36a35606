import Foundation
import Glibc
import MartletLogging
import TestPrograms
import Testing

/// A real syslog reads what is sent to it.
@Suite struct RsyslogTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func start() throws -> Program {
        let configuration = """
            global(workDirectory="\(folder.path)")
            module(load="imtcp")
            module(load="imuxsock" SysSock.Use="off")
            template(name="t" type="string" string="%syslogfacility-text%|%syslogseverity-text%|%timestamp:::date-rfc3339%|\
            %hostname%|%app-name%|%procid%|%msgid%|%structured-data%|%msg%\\n")
            action(type="omfile" file="\(folder.file("out"))" template="t")
            input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="\(folder.file("port"))")
            input(type="imuxsock" Socket="\(folder.file("log"))" ParseTrusted="off" UseSpecialParser="off"
                RateLimit.Interval="0" IgnoreTimestamp="off")

            """
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder.file("conf")))
        return try Program("rsyslogd", ["-n", "-f", folder.file("conf"), "-i", folder.file("pid")])
    }

    /// Looks again and again, for as long as only a test that fails takes.
    private func awaiting<Value>(_ what: String, _ look: () -> Value?) throws -> Value {
        for _ in 0..<4_000 {
            if let value = look() { return value }
            poll(nil, 0, 5)
        }
        return try #require(look(), "\(what) did not come")
    }

    private func text(_ name: String) -> String? { try? String(contentsOfFile: folder.file(name), encoding: .utf8) }

    @Test(
        .enabled(if: Program.exists("rsyslogd"), "rsyslogd is not installed: Scripts/requirements test"),
        arguments: [
            "tcp", "unix",
        ])
    func `rsyslog takes every field apart as it was meant`(_ kind: String) throws {
        let program = try start()
        let port = try awaiting("rsyslog's port") { text("port").flatMap { UInt16($0) } }
        _ = try awaiting("rsyslog's socket") { access(folder.file("log"), F_OK) == 0 ? true : nil }
        let server: SyslogServer = kind == "tcp" ? .tcp("127.0.0.1", port: port) : .local(folder.file("log"))
        let sink = SyslogSink(server, SyslogRenderer(facility: .local3, program: "blog", host: "web1", process: 812))
        for number in 0..<50 {
            sink.receive(
                LogEvent(
                    microseconds: 1_635_428_800_099_007, level: .warning, name: "post_published", logger: "blog.views",
                    fields: [LogField("n", .int(number)), LogField("title", .string("a]b \"c\"\nforged é"))]))
        }
        sink.flush()
        let lines = try awaiting("what was sent") {
            text("out").map { $0.split(separator: "\n") }.flatMap { $0.count >= 50 ? $0 : nil }
        }
        for (number, line) in lines.enumerated() {
            #expect(
                line == "local3|warning|2021-10-28T13:46:40.099007Z|web1|blog|812|post_published|"
                    + "[martlet@32473 logger=\"blog.views\" n=\"\(number)\" title=\"a\\]b \\\"c\\\"\\\\nforged é\"]|"
                    + "post_published")
        }
        #expect(lines.count == 50)
        program.stop()
    }
}
