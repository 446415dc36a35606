import Dispatch
import Glibc
import MartletIO

/// Signals as bytes that can be waited for beside other descriptors.
final class SignalPipe {
    /// Readable when a signal has come.
    var descriptor: Int32 { pipe.reading }

    private let pipe: Pipe
    private let sources: [any DispatchSourceSignal]

    /// Takes signals from now on: they do not end the process any more.
    init(_ signals: [Int32]) throws {
        let pipe = try Pipe()
        _ = fcntl(pipe.reading, F_SETFL, O_NONBLOCK)
        self.pipe = pipe
        let queue = DispatchQueue(label: "martlet.development.signals")
        sources = signals.map { number in
            // A child's end is told by itself; the others must be ignored for the source to see them.
            if number != SIGCHLD { signal(number, SIG_IGN) }
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                var byte = UInt8(number)
                write(pipe.writing, &byte, 1)
            }
            source.resume()
            return source
        }
    }

    /// The signals that have come.
    func take() -> [Int32] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(pipe.reading, &bytes, bytes.count)
        return bytes.prefix(max(0, count)).map(Int32.init)
    }
}
