import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

/// A file without a name, which vanishes when the last reference to it goes, or the process ends, however it ends.
///
/// ```swift
/// let file = try await TemporaryFile.make(in: request.uploadDirectory)
/// for try await chunk in request.body { try await file.write(chunk) }
/// try await file.save(to: "media/backup.tar")
/// ```
///
/// Nobody else can open it. What it does to the disk happens on a queue of its own, one thing after the other: a disk
/// can be slow, and the threads that serve connections must not wait for it.
public final class TemporaryFile: Sendable {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "martlet.uploads")
    private let count = Atomic<Int>(0)

    /// How much is read or copied at a time.
    static let chunkSize = 65_536

    /// Where the system keeps temporary files: `TMPDIR`, or `/tmp`.
    public static var systemDirectory: String { FileManager.default.temporaryDirectory.path }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        // Giving back the blocks of a large file takes a while.
        queue.async { [descriptor] in close(descriptor) }
    }

    /// Makes an empty file.
    ///
    /// - Parameter directory: Whose file system to use; that of ``systemDirectory`` unless told.
    /// - Throws: ``UploadError``.
    public static func make(in directory: String = systemDirectory) async throws -> TemporaryFile {
        try await run(on: .global()) { TemporaryFile(descriptor: try open(in: directory)) }
    }

    /// Makes an empty file in the directory of another, so that it can take that place.
    static func make(besides path: String) async throws -> TemporaryFile {
        guard let slash = path.lastIndex(of: "/") else { return try await make(in: ".") }
        return try await make(in: slash == path.startIndex ? "/" : String(path[..<slash]))
    }

    /// How many bytes have been written.
    public var size: Int { count.load(ordering: .acquiring) }

    /// Appends bytes. Not to be called after ``save(to:replacing:permissions:)``: the saved file may be this one.
    ///
    /// - Throws: ``UploadError``, when the disk is full for example; the file is of no use then.
    public func write(_ bytes: [UInt8]) async throws {
        try await Self.run(on: queue) { [self] in
            try bytes.withUnsafeBytes { try Self.write($0, to: descriptor, path: "a temporary file") }
            count.add(bytes.count, ordering: .acquiringAndReleasing)
        }
    }

    /// Reads a piece; shorter at the end of the file.
    ///
    /// - Parameters:
    ///   - offset: Where it begins, in bytes.
    ///   - count: How many bytes to read.
    /// - Throws: ``UploadError``.
    public func read(at offset: Int, count: Int) async throws -> [UInt8] {
        try await Self.run(on: queue) { [self] in
            try Self.read(descriptor, at: max(offset, 0), count: min(max(count, 0), max(size - offset, 0)))
        }
    }

    /// Gives the file a name, without copying it where the file system allows; the file stays readable here.
    ///
    /// - Parameters:
    ///   - path: Where to save it; complete when it appears.
    ///   - replacing: Whether a file that is there is replaced; otherwise that is an error.
    ///   - permissions: Who may do what with it; 0o644 unless told.
    /// - Throws: ``UploadError``.
    public func save(to path: String, replacing: Bool = false, permissions: UInt32 = 0o644) async throws {
        try await Self.run(on: queue) { [self] in
            // Under another name first: the file must not be seen half copied, and a replaced one must not be missed.
            let draft = "\(path).\(Self.randomName)"
            guard fchmod(descriptor, mode_t(permissions)) == 0 else { throw UploadError("change", path) }
            if !link(as: draft) { try copy(to: draft, permissions) }
            try Self.move(draft, to: path, replacing: replacing)
        }
    }

    // MARK: On the queue

    private static func run<Value: Sendable>(
        on queue: DispatchQueue, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    private static var randomName: String { String(UInt64.random(in: .min ... .max), radix: 36) }

    private static func open(in directory: String) throws -> Int32 {
        // __O_TMPFILE of Linux, the same on every processor that Swift runs on; its macro is not imported.
        let nameless: Int32 = 0o20_000_000 | O_DIRECTORY
        let descriptor = Glibc.open(directory, nameless | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor >= 0 { return descriptor }
        // File systems that have no files without a name say one of these.
        guard [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) else { throw UploadError("make", "a file in \(directory)") }
        let path = "\(directory)/.upload-\(randomName)"
        let named = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard named >= 0 else { throw UploadError("make", path) }
        unlink(path)
        return named
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws {
        var rest = bytes
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if written >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            } else if errno != EINTR {
                throw UploadError("write", path)
            }
        }
    }

    private static func read(_ descriptor: Int32, at offset: Int, count: Int) throws -> [UInt8] {
        var failure: UploadError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
                if got > 0 {
                    filled += got
                } else if got == 0 || errno != EINTR {
                    if got < 0 { failure = UploadError("read", "a temporary file") }
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Whether the file could get that name. One that has a name already is copied: two names would be one file.
    private func link(as path: String) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_nlink == 0 else { return false }
        return linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0
    }

    private func copy(to path: String, _ permissions: UInt32) throws {
        let target = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard target >= 0 else { throw UploadError("make", path) }
        do {
            defer { close(target) }
            guard fchmod(target, mode_t(permissions)) == 0 else { throw UploadError("change", path) }
            var offset = 0
            while offset < size {
                let chunk = try Self.read(descriptor, at: offset, count: min(Self.chunkSize, size - offset))
                guard !chunk.isEmpty else { throw UploadError("read", "a temporary file") }
                try chunk.withUnsafeBytes { try Self.write($0, to: target, path: path) }
                offset += chunk.count
            }
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func move(_ draft: String, to path: String, replacing: Bool) throws {
        // A link, unlike a rename, never replaces anything.
        let status = replacing ? rename(draft, path) : Glibc.link(draft, path)
        let failure = status == 0 ? nil : UploadError("save", path)
        if !replacing || failure != nil { unlink(draft) }
        if let failure { throw failure }
    }
}

/// A file could not be written, read or saved: a fault of this machine, not of the client.
public struct UploadError: Error, Sendable, CustomStringConvertible {
    /// What happened to which file, in the system's words.
    public let description: String

    /// The system's number of the error, such as `ENOSPC`.
    public let code: Int32

    /// Takes the error of the system call that has just failed.
    init(_ verb: String, _ path: String) {
        code = errno
        description = "Martlet could not \(verb) \(path): \(String(cString: strerror(code)))."
    }
}
