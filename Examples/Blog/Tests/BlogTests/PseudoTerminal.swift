import Foundation
import Testing

/// The built program with a terminal, or a pipe, for its output and its errors: what a person sees, and what a file gets.
final class TerminalProgram {
    /// What reads the output.
    enum Reader: CaseIterable {
        case terminal, pipe
    }

    private let process = Process()
    private let reading: Int32
    private var text = ""

    /// Starts `manage` with these words and variables, and nothing to read.
    init(
        _ line: [String], on reader: Reader, _ variables: [String: String], in folder: URL,
        input: FileHandle = .nullDevice
    ) throws {
        let ends = try reader == .terminal ? Self.openTerminal() : Self.openPipe()
        reading = ends.reading
        let output = FileHandle(fileDescriptor: ends.writing, closeOnDealloc: false)
        // The program's own end closes the terminal, or the pipe.
        defer { close(ends.writing) }
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("manage")
        process.arguments = line
        process.currentDirectoryURL = folder
        process.environment = ["PATH": "/usr/bin:/bin", "TERM": "xterm", "HOST": "127.0.0.1", "PORT": "0"]
            .merging(variables) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
        close(reading)
    }

    /// Linux's own way to the ends of a pseudo terminal: Swift does not see `posix_openpt` and its kin.
    ///
    /// Source: [pty(7)](https://man7.org/linux/man-pages/man7/pty.7.html), ioctl_tty(2), asm-generic/ioctls.h.
    private static func openTerminal() throws -> (reading: Int32, writing: Int32) {
        let unlock = UInt(0x4004_5431)  // TIOCSPTLCK
        let number = UInt(0x8004_5430)  // TIOCGPTN
        let leader = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: Int32 = 0
        var place: Int32 = 0
        try #require(leader >= 0 && ioctl(leader, unlock, &isLocked) == 0 && ioctl(leader, number, &place) == 0)
        let follower = open("/dev/pts/\(place)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(follower >= 0)
        return (leader, follower)
    }

    private static func openPipe() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Takes what the program writes, up to and with a part.
    @discardableResult
    func wait(for part: String) throws -> String {
        while true {
            if let range = text.range(of: part) {
                defer { text.removeSubrange(..<range.upperBound) }
                return String(text[..<range.upperBound])
            }
            try #require(readMore(), "the program ended: \(text)")
        }
    }

    /// Takes all that the program writes until its end.
    func rest() -> String {
        while readMore() {}
        return text
    }

    /// A terminal whose other end is closed is an error to its reader.
    private func readMore() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = read(reading, &buffer, buffer.count)
        guard count > 0 else { return count < 0 && errno == EINTR }
        text += String(decoding: buffer[..<count], as: UTF8.self)
        return true
    }

    /// The exit status.
    func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "wait").async { [process] in
                process.waitUntilExit()
                continuation.resume(returning: process.terminationStatus)
            }
        }
    }

    /// What Ctrl-C does.
    func interrupt() { process.interrupt() }
}
