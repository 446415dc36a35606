import FoundationEssentials
import Glibc

/// The files of sessions: one text each, replaced as a whole. Every call waits for the disk.
struct SessionFiles: Sendable {
    /// What a file holds.
    struct Content {
        let text: String
        let changed: Date
    }

    private let folder: String
    private let prefix: String
    /// What a file's time is set to, so that sessions age by one clock.
    private let now: @Sendable () -> Date

    init(folder: String, prefix: String, now: @escaping @Sendable () -> Date) throws(SessionError) {
        self.now = now
        self.folder = folder
        self.prefix = prefix
        var status = stat()
        guard stat(folder, &status) == 0 else { throw failure("find the folder") }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .folder(path: folder, reason: "it is no folder")
        }
    }

    func read(_ key: String) throws(SessionError) -> Content? {
        guard let file = try open(key) else { return nil }
        defer { close(file) }
        return try content(file)
    }

    /// Makes a file; `false` where there is one.
    func create(_ key: String, _ text: String) throws(SessionError) -> Bool {
        let draft = try draft(of: text, for: key)
        defer { unlink(draft) }
        // A link, unlike a rename, never replaces anything.
        if link(draft, path(key)) == 0 { return true }
        guard errno == EEXIST else { throw failure("make a file") }
        return false
    }

    /// Replaces a file by what `change` makes of it; leaves it where that is `nil`, or where there is none.
    func replace(_ key: String, _ change: (Content) throws -> String?) throws {
        try locked(key) { file in
            guard let text = try change(content(file)) else { return }
            let draft = try draft(of: text, for: key)
            guard rename(draft, path(key)) == 0 else {
                let failure = failure("replace a file")
                unlink(draft)
                throw failure
            }
        }
    }

    /// Removes a file that satisfies a condition.
    ///
    /// - Returns: Whether it did so.
    @discardableResult
    func remove(_ key: String, where condition: (Content) throws -> Bool) throws -> Bool {
        try locked(key) { file in
            guard try condition(content(file)) else { return false }
            guard unlink(path(key)) == 0 || errno == ENOENT else { throw failure("remove a file") }
            return true
        } ?? false
    }

    /// What follows the prefix in the names of the folder.
    func keys() throws(SessionError) -> [String] {
        guard let directory = opendir(folder) else { throw failure("list the folder") }
        defer { closedir(directory) }
        var keys: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(prefix) { keys.append(String(name.dropFirst(prefix.count))) }
        }
        return keys
    }

    // MARK: Inside

    private func path(_ key: String) -> String { "\(folder)/\(prefix)\(key)" }

    /// Runs an operation on a file that nobody else changes meanwhile; `nil` where there is none.
    private func locked<Result>(_ key: String, _ body: (Int32) throws -> Result) throws -> Result? {
        while let file = try open(key) {
            defer { close(file) }
            while flock(file, LOCK_EX) != 0 {
                guard errno == EINTR else { throw failure("lock a file") }
            }
            // Whoever had the lock before may have put another file in this one's place.
            var (mine, current) = (stat(), stat())
            guard fstat(file, &mine) == 0 else { throw failure("look at a file") }
            if stat(path(key), &current) == 0, mine.st_ino == current.st_ino, mine.st_dev == current.st_dev {
                return try body(file)
            }
        }
        return nil
    }

    private func open(_ key: String) throws(SessionError) -> Int32? {
        // The folder may be one that everybody writes to: a link in it is not followed, and a pipe does not hold us up.
        let file = Glibc.open(path(key), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if file >= 0 { return file }
        guard [ENOENT, ELOOP, ENXIO].contains(errno) else { throw failure("open a file") }
        return nil
    }

    private func content(_ file: Int32) throws(SessionError) -> Content {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure("look at a file") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var filled = 0
        while filled < bytes.count {
            let got = bytes.withUnsafeMutableBytes {
                pread(file, $0.baseAddress.map { $0 + filled }, $0.count - filled, off_t(filled))
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw failure("read a file") }
            if got == 0 { break }
            filled += got
        }
        let changed = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
        return Content(
            text: String(decoding: bytes[..<filled], as: UTF8.self), changed: Date(timeIntervalSince1970: changed))
    }

    /// Writes a text to a file under a name that is no session's.
    private func draft(of text: String, for key: String) throws(SessionError) -> String {
        let draft = "\(path(key))_out_\(String(UInt64.random(in: .min ... .max), radix: 36))"
        let file = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("make a file") }
        defer { close(file) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written >= 0 else {
                let failure = failure("write a file")
                unlink(draft)
                throw failure
            }
            rest = rest.dropFirst(written)
        }
        let (seconds, fraction) = modf(now().timeIntervalSince1970)
        let time = timespec(tv_sec: Int(seconds), tv_nsec: Int(fraction * 1e9))
        // A file system that keeps no such times keeps the system's, which is as good.
        futimens(file, [time, time])
        return draft
    }

    private func failure(_ what: String) -> SessionError {
        .folder(path: folder, reason: "could not \(what): \(String(cString: strerror(errno)))")
    }
}
