import Glibc
import MartletLogging
import TestPrograms
import Testing

/// When lines for people have colours.
@Suite struct TerminalColourTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var isTerminal = true
        var noColor: String?
        var term: String? = "xterm-256color"
        let hasColours: Bool
    }

    // no-color.org: "when present and not an empty string (regardless of its value)".
    static let cases = [
        Case(testDescription: "a terminal", hasColours: true),
        Case(testDescription: "a file or a pipe", isTerminal: false, hasColours: false),
        Case(testDescription: "NO_COLOR of any value", noColor: "1", hasColours: false),
        Case(testDescription: "NO_COLOR that says no", noColor: "0", hasColours: false),
        Case(testDescription: "a hostile NO_COLOR", noColor: "'\"; DROP \u{1B}[2J😀", hasColours: false),
        Case(testDescription: "an empty NO_COLOR", noColor: "", hasColours: true),
        Case(testDescription: "a terminal that knows no colours", term: "dumb", hasColours: false),
        Case(testDescription: "a terminal that says nothing of itself", term: nil, hasColours: true),
        Case(testDescription: "a pipe whose TERM knows colours", isTerminal: false, noColor: "", hasColours: false),
    ]

    @Test(arguments: cases)
    func `colours are for terminals, unless somebody does not want them`(_ example: Case) {
        let shows = ConsoleRenderer.showsColours(
            isTerminal: example.isTerminal, noColor: example.noColor, term: example.term)
        #expect(shows == example.hasColours)
    }

    /// In a process of its own, since the environment is the whole process's.
    @Test func `a real terminal gets colours, and none with NO_COLOR or TERM=dumb; a file gets none`() async throws {
        await #expect(processExitsWith: .exitCode(0)) {
            for (place, example) in TerminalColourTests.cases.enumerated() {
                example.noColor.map { _ = setenv("NO_COLOR", $0, 1) } ?? { _ = unsetenv("NO_COLOR") }()
                example.term.map { _ = setenv("TERM", $0, 1) } ?? { _ = unsetenv("TERM") }()
                let line = try TerminalColourTests.line(onTerminal: example.isTerminal)
                let plain = "1970-01-01T00:00:00.000000Z [info] told [blog]"
                guard line.contains("\u{1B}[") == example.hasColours,
                    line.replacing(/\u{1B}\[\d+m/, with: "").replacing("\r", with: "") == plain
                else { exit(Int32(place) + 1) }
            }
            exit(0)
        }
    }

    /// What stands there after an event was told on a terminal, or into a pipe.
    private static func line(onTerminal isTerminal: Bool) throws -> String {
        let event = LogEvent(microseconds: 0, level: .info, name: "told", logger: "blog", fields: [])
        func tell(_ descriptor: Int32) {
            let sink = StreamSink(descriptor: descriptor, renderer: ConsoleRenderer.forTerminal(descriptor))
            sink.receive(event)
            sink.flush()
        }
        guard isTerminal else {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            tell(ends[1])
            var buffer = [UInt8](repeating: 0, count: 1_000)
            let count = read(ends[0], &buffer, buffer.count)
            return String(decoding: buffer[..<max(count - 1, 0)], as: UTF8.self)
        }
        let terminal = try PseudoTerminal()
        tell(terminal.terminal)
        return terminal.readLine()
    }
}
