/// The deadlines of one worker: a binary heap by moment, in which an entry may be out of date.
///
/// Disarming and postponing leave the entry where it is; it is looked at when it comes to the top. So the heap holds
/// few entries more than there are connections, and a request that is answered in time never touches it.
struct DeadlineQueue {
    private struct Entry {
        let moment: Moment
        let deadline: Deadline
    }

    private var heap: [Entry] = []

    /// When the next entry is to be looked at; ``Moment/distantFuture`` when there is none.
    var next: Moment { heap.first?.moment ?? .distantFuture }

    /// Adds an entry for a deadline that is due earlier than the queue knows.
    mutating func insert(_ deadline: Deadline, at moment: Moment) {
        deadline.queued = moment
        heap.append(Entry(moment: moment, deadline: deadline))
        siftUp(from: heap.count - 1)
    }

    /// Takes out one deadline that is due; `nil` when none is.
    mutating func popExpired(_ now: Moment) -> Deadline? {
        while let top = heap.first, top.moment <= now {
            removeTop()
            let deadline = top.deadline
            guard deadline.queued == top.moment else { continue }
            deadline.queued = .distantFuture
            // One that was postponed takes its later place, so that those which are due expire in their order.
            if deadline.due <= top.moment { return deadline }
            if deadline.due != .distantFuture { insert(deadline, at: deadline.due) }
        }
        return nil
    }

    private mutating func removeTop() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        siftDown(from: 0)
    }

    private mutating func siftUp(from index: Int) {
        var child = index
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].moment < heap[parent].moment else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(from index: Int) {
        var parent = index
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].moment < heap[smallest].moment { smallest = child }
            }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
