import Dispatch
import Synchronization

/// Runs asynchronous code from a thread that may wait: the fuzzer knows no other way to call.
enum Waiting {
    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    /// The result; `nil` when `body` throws.
    static func result<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) -> Value? {
        let (box, done) = (Box<Value>(), DispatchSemaphore(value: 0))
        Task.detached {
            let value = try? await body()
            box.value.withLock { $0 = value }
            done.signal()
        }
        done.wait()
        return box.value.withLock { $0 }
    }
}
