import MartletIO

extension Connection {
    /// Waits in line for the socket's output: a stream's next piece, behind what the last turn has left over.
    nonisolated(nonsending) func beginFlush() async {
        // Unsafe only in that nobody counts the resumes: `endFlush` takes each waiter out before it resumes it.
        while isFlushing { await withUnsafeContinuation { flushWaiters.append($0) } }
        isFlushing = true
    }

    /// Lets the next one in line write.
    func endFlush() {
        isFlushing = false
        if !flushWaiters.isEmpty { flushWaiters.removeFirst().resume() }
    }

    /// Sends what the socket did not take at the end of a turn while a view is at work: it may be long until the view
    /// writes again.
    func flushRest() {
        guard isHandling, !isGone, !output.isEmpty else { return }
        worker.run { [self] in await flush() }
    }
}
