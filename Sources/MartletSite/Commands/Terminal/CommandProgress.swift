import Synchronization

/// How far long work has come: a bar that is drawn anew on a terminal, a line at each tenth elsewhere.
///
/// ```swift
/// let progress = context.progress("Copying files", total: files.count)
/// for file in files {
///     try copy(file)
///     progress.advance()
/// }
/// progress.finish()
/// ```
public final class CommandProgress: Sendable {
    private let title: String
    private let total: Int
    private let terminal: Terminal
    private let print: @Sendable (String) -> Void
    /// Shared by tasks that work at the same time.
    private let state = Mutex(State())

    private struct State {
        var done = 0
        var shown = -1
        var isFinished = false
    }

    init(_ title: String, total: Int, terminal: Terminal, print: @escaping @Sendable (String) -> Void) {
        self.title = title
        self.total = max(total, 0)
        self.terminal = terminal
        self.print = print
        show(at: 0)
    }

    /// Some steps more are done.
    public func advance(by count: Int = 1) {
        let done = state.withLock { state in
            state.done = min(state.done + count, total)
            return state.done
        }
        show(at: done)
    }

    /// The work is over, or given up: what comes next begins on a line of its own.
    public func finish() {
        let wasFinished = state.withLock { state in
            defer { state.isFinished = true }
            return state.isFinished
        }
        if !wasFinished, terminal.isInteractive { terminal.draw("\n") }
    }

    private func show(at done: Int) {
        // As often as there is something to see: each hundredth of a bar, each tenth in lines.
        let steps = terminal.isInteractive ? 100 : 10
        let part = total == 0 ? steps : done * steps / total
        let isNew = state.withLock { state in
            guard !state.isFinished, part > state.shown else { return false }
            state.shown = part
            return true
        }
        guard isNew else { return }
        if terminal.isInteractive {
            terminal.draw("\r" + Self.bar(title, done, total, width: terminal.width))
        } else if done > 0 || total == 0 {
            print("\(title): \(done) of \(total)")
        }
    }

    /// `Copying files [#####.....]  50 of 100`, in one line of the terminal.
    static func bar(_ title: String, _ done: Int, _ total: Int, width: Int) -> String {
        let count = "\(done)"
        let end = " " + String(repeating: " ", count: max(0, "\(total)".count - count.count)) + "\(count) of \(total)"
        let room = min(40, width - title.count - end.count - 4)
        guard room >= 5 else { return "\(title)\(end)" }
        let filled = total == 0 ? room : done * room / total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled)
        return "\(title) [\(bar)]\(end)"
    }
}
