import MartletORM
import MartletSite
import Synchronization

/// How far the code of a migration is with the rows of a model: a bar of its own for each time it goes through them.
final class RowProgress: Sendable {
    private let context: CommandContext
    private let current = Mutex<Current?>(nil)

    private struct Current {
        let model: ModelName
        let bar: CommandProgress?
        var done = 0
    }

    init(_ context: CommandContext) {
        self.context = context
    }

    /// So many rows of a model are done.
    func show(_ model: ModelName, _ done: Int, of total: Int) {
        current.withLock { current in
            // Fewer than before: the code goes through them once more.
            if current?.model != model || current.map({ $0.done >= done }) ?? true {
                current?.bar?.finish()
                current = Current(model: model, bar: context.progress("    \(model)", ofMany: total))
            }
            current?.bar?.advance(by: done - (current?.done ?? 0))
            current?.done = done
        }
    }

    /// What comes next is something else.
    func finish() {
        current.withLock { current in
            current?.bar?.finish()
            current = nil
        }
    }
}
