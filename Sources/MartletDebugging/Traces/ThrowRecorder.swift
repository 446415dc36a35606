import CMartletRuntime
import Runtime
import Synchronization

/// Remembers from where errors were thrown, for one request in debug mode.
///
/// A Swift error does not know where it comes from. The runtime tells a hook of every error that is about to be thrown, and
/// there the calls that have led to it can still be read off the stack. That takes half a millisecond, so nothing is
/// recorded outside of debug mode, and the hook is not even set.
final class ThrowRecorder: Sendable {
    private struct Throw {
        /// The box of an error, or the type of one whose function says what it throws.
        let box: UInt?
        let type: ObjectIdentifier?
        let trace: Backtrace
    }

    @TaskLocal static var current: ThrowRecorder?

    /// A view that throws in a loop must not take seconds: what comes after so many is not recorded.
    private static let limit = 64
    private static let depth = 40

    /// Filled by the tasks of one request; held only to add or look.
    private let throwsSoFar = Mutex<[Throw]>([])

    /// Sets the hooks, once in a process.
    static func install() { _ = isInstalled }

    private struct Handlers {
        var boxed: martlet_throw_handler?
        var typed: martlet_typed_throw_handler?
    }

    /// What was set before goes on hearing: debuggers, and Swift Testing. Written once.
    private static let before = Mutex(Handlers())

    private static let isInstalled: Bool = {
        let boxed = martlet_set_throw_handler { box in
            ThrowRecorder.current?.record(box: UInt(bitPattern: box), type: nil)
            ThrowRecorder.before.withLock { $0.boxed }?(box)
        }
        let typed = martlet_set_typed_throw_handler { value, type, conformance in
            if let type, let recorder = ThrowRecorder.current {
                // The runtime hands over the metadata of the error's type: what a metatype is, in the same word.
                let type = unsafeBitCast(type, to: Any.Type.self)
                recorder.record(box: nil, type: ObjectIdentifier(type))
            }
            ThrowRecorder.before.withLock { $0.typed }?(value, type, conformance)
        }
        before.withLock { $0 = Handlers(boxed: boxed, typed: typed) }
        return true
    }()

    /// The libraries of the process, looked up once: the look-up reads the beginning of every mapped file, and a mapping
    /// that another thread takes away meanwhile ends the process.
    private static let images = ImageMap.capture()

    private func record(box: UInt?, type: ObjectIdentifier?) {
        guard throwsSoFar.withLock({ $0.count < Self.limit }) else { return }
        guard let trace = Self.trace(depth: Self.depth) else { return }
        throwsSoFar.withLock { $0.append(Throw(box: box, type: type, trace: trace)) }
    }

    /// The calls that have led here, those that wait for others included.
    static func trace(depth: Int) -> Backtrace? {
        // Reading the stack throws, too, inside.
        ThrowRecorder.$current.withValue(nil) { try? Backtrace.capture(limit: depth, images: images) }
    }

    /// The few traces to look at, at most.
    private static let candidates = 4

    /// Where an error was thrown, and thrown again, the first first: those in the same box, or else the last of its type.
    ///
    /// An error that a function has thrown by its type gets its box later, and one that was caught and thrown again as
    /// another has a box of its own; then the last throw of the request is the nearest there is. There may be several,
    /// since the stack of a thread that a database works on does not lead back to the view.
    func traces(of error: any Error) -> [Backtrace] {
        let type = ObjectIdentifier(Swift.type(of: error))
        let box = withUnsafeBytes(of: error as (any Error)) { $0.load(as: UInt.self) }
        return throwsSoFar.withLock { list in
            let boxed = list.filter { $0.box == box }
            let found = boxed.isEmpty ? [list.last { $0.type == type } ?? list.last].compactMap(\.self) : boxed
            return found.prefix(Self.candidates).map(\.trace)
        }
    }
}
