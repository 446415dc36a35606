public import Synchronization

/// What no settings of this process tell: so that an event which nobody wants costs two loads, and not a look at the
/// task.
///
/// Levels are only ever added, as settings are made: a level that is told once too often costs the look, and one that is
/// told too seldom cannot be.
@usableFromInline
enum LogFloor {
    /// All levels of settings that were made; each once, so that it stays short.
    private static let levels = Mutex<Set<LogLevels>>([])

    /// Counts changes of ``levels``.
    @usableFromInline static let generation = Atomic<Int>(0)

    static func include(_ new: LogLevels) {
        levels.withLock { if $0.insert(new).inserted { generation.add(1, ordering: .sequentiallyConsistent) } }
    }

    /// The generation, and the least level that any settings tell of a logger.
    static func lowest(for logger: String) -> (generation: Int, level: UInt8) {
        levels.withLock { levels in
            let lowest = levels.map { $0.level(for: logger).rawValue }.min() ?? 0
            return (generation.load(ordering: .sequentiallyConsistent), lowest)
        }
    }
}
