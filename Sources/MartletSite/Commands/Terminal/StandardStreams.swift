import Glibc

/// The process's own input and outputs.
package enum StandardStreams {
    /// Writes a line to standard error.
    package static func report(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Writes at once, past the buffers of C, which have one owner only where there is one thread.
    package static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Prints a question and reads the answer; `nil` at the end of input.
    @Sendable package static func ask(_ question: String) -> String? {
        write(question + " ", to: STDOUT_FILENO)
        return readLine(strippingNewline: true)
    }
}
