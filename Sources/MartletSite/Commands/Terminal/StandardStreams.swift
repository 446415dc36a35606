import Glibc

/// The process's own input and outputs.
package enum StandardStreams {
    /// Writes a line to standard error.
    package static func report(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Writes at once, past the buffers of C, which have one owner only where there is one thread.
    ///
    /// - Returns: The number of the error that kept it from writing all; `nil` when all is written.
    @discardableResult
    package static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if count == 0 || !isPassing(errno, descriptor) {
                return count == 0 ? EIO : errno
            }
        }
        return nil
    }

    /// Whether it is worth trying again: after a signal, and when a slow reader has made room in a pipe that does not wait.
    private static func isPassing(_ error: Int32, _ descriptor: Int32) -> Bool {
        guard error == EAGAIN || error == EWOULDBLOCK else { return error == EINTR }
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&waiting, 1, -1) >= 0 || errno == EINTR
    }

    /// Prints a question and reads the answer; `nil` at the end of input.
    @Sendable package static func ask(_ question: String) -> String? {
        write(question + " ", to: STDOUT_FILENO)
        return readLine(strippingNewline: true)
    }
}
