import MartletCommands
import MartletSite
import Synchronization
import Testing

private struct Work: Command {
    let name = "work"
    let summary = "Works."
    let total = CommandArgument<Int>("TOTAL", help: "How long.")

    func run(_ context: CommandContext) async throws {
        let total = try context.arguments[total]
        let progress = context.progress("Working", total: total)
        await withTaskGroup { group in
            for _ in 0..<max(total, 0) { group.addTask { progress.advance() } }
        }
        progress.finish()
        progress.finish()
        context.print("done")
    }
}

@Suite struct CommandProgressTests {
    private final class Drawn: Sendable {
        private let text = Mutex("")
        func add(_ part: String) { text.withLock { $0 += part } }
        var parts: [String] { text.withLock { $0.split(separator: "\r").map(String.init) } }
    }

    @Test func `a file gets a line at each tenth`() async throws {
        let desk = try CommandSite()
        let result = await desk.manage(["work", "20"], of: desk.site, commands: [Work()])
        let lines = result.output.split(separator: "\n")
        // Whatever the order in which the tasks come, each tenth is told at most once.
        #expect(lines.count <= 11 && Set(lines).count == lines.count)
        #expect(lines.contains("Working: 20 of 20"))
        #expect(lines.last == "done")
        #expect(!result.output.contains("\u{1B}") && !result.output.contains("\r"))
        let none = await desk.manage(["work", "0"], of: desk.site, commands: [Work()])
        #expect(none.output == "Working: 0 of 0\ndone")
        #expect(await desk.manage(["work", "20", "-v0"], of: desk.site, commands: [Work()]).output == "done")
    }

    @Test(arguments: [
        (80, 10, "Working [########################################] 10 of 10"),
        (40, 10, "Working [####################] 10 of 10"), (20, 10, "Working 10 of 10"),
    ])
    func `a terminal gets a bar in one line`(_ width: Int, _ total: Int, _ last: String) async throws {
        let drawn = Drawn()
        let terminal = Terminal(isInteractive: true, hasColors: false, width: width) { drawn.add($0) }
        let desk = try CommandSite()
        let result = await desk.manage(
            ["work", "\(total)"], of: desk.site, commands: [Work()], terminal: terminal)
        #expect(result.output == "done")
        #expect(drawn.parts.contains { $0.split(separator: "\n").first == Substring(last) }, "\(drawn.parts)")
        #expect(drawn.parts.last?.hasSuffix("\n") == true)
        #expect(drawn.parts.allSatisfy { $0.count <= width })
    }
}
