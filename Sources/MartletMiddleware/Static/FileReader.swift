import Dispatch
import FoundationEssentials
import Glibc
import MartletHTTP

/// Opens and reads files on a queue of its own: a disk can be slow, and a worker must not wait for it.
struct FileReader: Sendable {
    private let queue = DispatchQueue(label: "martlet.static-files", attributes: .concurrent)

    /// Files up to this size, in bytes, are read at once, with the same change of threads that opens them.
    static let smallSize = 262_144

    /// Opens the file that is reached by names below the first directory that has it; `nil` when none has.
    func open(_ names: [String], below directories: [String]) async throws -> OpenFile? {
        try await run {
            for directory in directories {
                if let file = try OpenFile(names, below: directory) { return file }
            }
            return nil
        }
    }

    /// Does something that blocks, away from the worker.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}

/// A regular file that is open for reading; closed when the last reference goes.
final class OpenFile: Sendable {
    let size: Int
    let modified: Date
    let eTag: String
    /// The content of a small file.
    private let content: [UInt8]?
    private let descriptor: Int32

    /// Opens a file name by name, following no symbolic link, so that nothing outside of the directory is reached.
    ///
    /// - Returns: `nil` when there is no such regular file that may be read.
    init?(_ names: [String], below directory: String) throws {
        guard let descriptor = Self.open(names, below: directory) else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        size = Int(status.st_size)
        let nanoseconds = Double(status.st_mtim.tv_nsec) / 1e9
        modified = Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec) + nanoseconds)
        let version = String(status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec, radix: 16)
        eTag = "\"\(version)-\(String(size, radix: 16))\""
        content = size <= FileReader.smallSize ? try Self.read(descriptor, at: 0, count: size) : nil
    }

    deinit { close(descriptor) }

    private static func open(_ names: [String], below directory: String) -> Int32? {
        var current = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for (index, name) in names.enumerated() {
            guard current >= 0 else { return nil }
            // A pipe must not wait for its other end: O_NONBLOCK means nothing to a regular file.
            let kind = index == names.count - 1 ? O_NONBLOCK : O_DIRECTORY
            let next = openat(current, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind)
            close(current)
            current = next
        }
        return current >= 0 ? current : nil
    }

    /// What to send.
    func body(_ reader: FileReader) -> ResponseBody {
        if let content { return .bytes(content) }
        return .stream(length: size) { writer in
            var sent = 0
            while sent < self.size {
                let start = sent
                let count = min(FileReader.smallSize, self.size - sent)
                let chunk = try await reader.run { try Self.read(self.descriptor, at: start, count: count) }
                try await writer.write(chunk)
                sent += chunk.count
            }
        }
    }

    /// Reads exactly `count` bytes.
    private static func read(_ descriptor: Int32, at start: Int, count: Int) throws -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = pread(descriptor, rest.baseAddress, rest.count, off_t(start + filled))
                if got > 0 {
                    filled += got
                } else if got == 0 || errno != EINTR {
                    failure = got == 0 ? 0 : errno
                    return
                }
            }
        }
        // The length is told before the content: a file that became shorter cannot be sent as announced.
        guard bytes.count == count else { throw FileReadError(missing: count - bytes.count, code: failure) }
        return bytes
    }
}

/// A file could not be read to its end.
struct FileReadError: Error, CustomStringConvertible {
    let missing: Int
    let code: Int32

    var description: String {
        let cause = code == 0 ? "it became shorter meanwhile" : "error \(code) of the system"
        return "A static file could not be read: \(missing) bytes are missing (\(cause)). Ask for it again."
    }
}
