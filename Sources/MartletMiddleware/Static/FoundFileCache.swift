import Dispatch
import Synchronization

/// The files that were served lately, still open: what opening one costs, a change of threads and six system calls, is
/// saved by most requests.
///
/// Bounded; a file that was not asked for in some seconds is closed, so that what was deleted or unmounted is let go.
final class FoundFileCache: Sendable {
    private struct Entry {
        let file: FoundFile
        var isUsed: Bool
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var isSweeping = false

        /// Removes one other file, if possible one that was not asked for lately.
        mutating func makeRoom(for path: String) -> Entry? {
            let others = entries.lazy.filter { $0.key != path }
            let victim = others.first { !$0.value.isUsed } ?? others.first
            return victim.flatMap { entries.removeValue(forKey: $0.key) }
        }
    }

    /// Shared by all workers; held only to look a file up or to replace it.
    private let state = Mutex(State())

    /// The most files; each may have two compressed ones beside it.
    static let limit = 128

    /// How often those are closed that were not asked for since the last time.
    private static let interval = DispatchTimeInterval.seconds(10)

    /// How many files are held.
    var count: Int { state.withLock { $0.entries.count } }

    /// The file that was found under a path; `nil` when none is known.
    subscript(path: String) -> FoundFile? {
        get {
            state.withLock { state in
                guard let index = state.entries.index(forKey: path) else { return nil }
                state.entries.values[index].isUsed = true
                return state.entries.values[index].file
            }
        }
        set {
            // What is replaced is closed outside of the lock, with `outcome`.
            let outcome = state.withLock { state in
                guard let newValue else {
                    return (dropped: [state.entries.removeValue(forKey: path)], mustSweep: false)
                }
                var dropped = [state.entries.updateValue(Entry(file: newValue, isUsed: true), forKey: path)]
                if state.entries.count > Self.limit { dropped.append(state.makeRoom(for: path)) }
                defer { state.isSweeping = true }
                return (dropped: dropped, mustSweep: !state.isSweeping)
            }
            if outcome.mustSweep { sweepLater() }
        }
    }

    /// Closes the files that were not asked for since the last time.
    ///
    /// - Returns: Whether any is left.
    @discardableResult
    func dropUnused() -> Bool {
        let outcome = state.withLock { state in
            let dropped = state.entries.filter { !$0.value.isUsed }
            state.entries = state.entries.filter(\.value.isUsed).mapValues { Entry(file: $0.file, isUsed: false) }
            state.isSweeping = !state.entries.isEmpty
            return (dropped: dropped, isAnyLeft: state.isSweeping)
        }
        return outcome.isAnyLeft
    }

    private func sweepLater() {
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.interval) { [weak self] in
            guard let self, self.dropUnused() else { return }
            self.sweepLater()
        }
    }
}
