import Dispatch
import Glibc

/// Files below a folder of this machine.
///
/// Every part of a name is opened below the one before it and no symbolic link is followed, so nothing outside of the
/// folder is reached. A file appears whole or not at all. What it does to the disk happens away from the workers.
public struct LocalStorage: Storage {
    private let folder: String
    private let baseURL: String?
    private let permissions: mode_t
    private let folderPermissions: mode_t

    /// A disk can be slow, and a worker must not wait for it.
    private static let queue = DispatchQueue(label: "martlet.storage", attributes: .concurrent)

    /// Makes a storage.
    ///
    /// - Parameters:
    ///   - folder: Where the files are; made with the first file when it is not there.
    ///   - baseURL: What stands in front of a file's name in its URL; `nil` for files without one.
    ///   - permissions: Who may do what with a file; 0o644 unless told.
    ///   - folderPermissions: Who may do what with a folder that is made; 0o755 unless told.
    public init(
        folder: String, baseURL: String? = "/media/", permissions: UInt32 = 0o644, folderPermissions: UInt32 = 0o755
    ) {
        self.folder = folder
        self.baseURL = baseURL.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
        self.permissions = mode_t(permissions)
        self.folderPermissions = mode_t(folderPermissions)
    }

    /// Saves a file under a free name.
    public func save(_ content: [UInt8], as name: String, maxLength: Int) async throws -> String {
        let first = try FileName.shortened(name, maxLength: maxLength)
        _ = try FileName.parts(of: first)
        return try await away {
            var free = first
            while try !create(free, content) { free = try FileName.alternative(to: name, maxLength: maxLength) }
            return free
        }
    }

    /// The bytes of a file.
    public func read(_ name: String) async throws -> [UInt8] {
        try await away {
            try withFile(name) { file in
                var status = stat()
                guard fstat(file, &status) == 0 else { throw failure("read", name) }
                return try readAll(file, expecting: Int(status.st_size), name)
            }
        }
    }

    /// Removes a file.
    public func delete(_ name: String) async throws {
        try await away {
            let (parts, last) = try split(name)
            guard let parent = try open(parts, making: false, name) else { return }
            defer { close(parent) }
            guard unlinkat(parent, last, 0) == 0 || errno == ENOENT else { throw failure("remove", name) }
        }
    }

    /// Whether there is such a file.
    public func exists(_ name: String) async throws -> Bool {
        try await away {
            do {
                return try withFile(name) { _ in true }
            } catch let error as StorageError where error.kind == .notFound {
                return false
            }
        }
    }

    /// How many bytes it has.
    public func size(of name: String) async throws -> Int {
        try await away {
            try withFile(name) { file in
                var status = stat()
                guard fstat(file, &status) == 0 else { throw failure("look at", name) }
                return Int(status.st_size)
            }
        }
    }

    /// The base URL and the name.
    public func url(of name: String) throws(StorageError) -> String {
        try FileURL.make(baseURL, name)
    }

    private func away<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Self.queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}

// MARK: On the queue

extension LocalStorage {
    private func split(_ name: String) throws(StorageError) -> (folders: [String], file: String) {
        var parts = try FileName.parts(of: name)
        let last = parts.removeLast()
        return (parts, last)
    }

    /// The descriptor of the folder that the parts lead to; `nil` where there is none.
    private func open(_ parts: [String], making: Bool, _ name: String) throws(StorageError) -> Int32? {
        if making { try makeRoot(name) }
        var current = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for part in parts where current >= 0 {
            if making { mkdirat(current, part, folderPermissions) }
            let next = openat(current, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            let reason = errno
            close(current)
            errno = reason
            current = next
        }
        if current >= 0 { return current }
        if !making, errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
        throw failure("open the folder of", name)
    }

    private func makeRoot(_ name: String) throws(StorageError) {
        var path = folder.hasPrefix("/") ? "" : "."
        for part in folder.split(separator: "/") {
            path += "/" + part
            guard mkdir(path, folderPermissions) == 0 || errno == EEXIST else {
                throw failure("make the folder of", name)
            }
        }
    }

    private func withFile<Value>(_ name: String, _ body: (Int32) throws -> Value) throws -> Value {
        let (parts, last) = try split(name)
        guard let parent = try open(parts, making: false, name) else { throw StorageError.notFound(name) }
        defer { close(parent) }
        // A pipe must not wait for its other end: O_NONBLOCK means nothing to a regular file.
        let file = openat(parent, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT || errno == ELOOP { throw StorageError.notFound(name) }
            throw failure("open", name)
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw StorageError.notFound(name) }
        return try body(file)
    }

    /// Writes a file under another name first and then gives it its own, which fails where that is taken.
    ///
    /// - Returns: `false` when the name is taken.
    private func create(_ name: String, _ content: [UInt8]) throws -> Bool {
        let (parts, last) = try split(name)
        guard let parent = try open(parts, making: true, name) else { throw StorageError.notFound(name) }
        defer { close(parent) }
        let draft = try ".draft_" + FileName.alternative(to: "x", maxLength: 20)
        let file = openat(parent, draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, permissions)
        guard file >= 0 else { throw failure("write", name) }
        defer {
            close(file)
            unlinkat(parent, draft, 0)
        }
        try writeAll(content, to: file, name)
        // On the disk before it has its name, and then the name: a loss of power leaves the whole file or none.
        guard fsync(file) == 0 else { throw failure("write", name) }
        if linkat(parent, draft, parent, last, 0) == 0 {
            guard fsync(parent) == 0 else { throw failure("name", name) }
            return true
        }
        guard errno == EEXIST else { throw failure("name", name) }
        return false
    }

    private func writeAll(_ content: [UInt8], to file: Int32, _ name: String) throws(StorageError) {
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes { bytes in
                bytes.baseAddress.map { write(file, $0 + written, bytes.count - written) } ?? 0
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", name) }
            written += count
        }
    }

    private func readAll(_ file: Int32, expecting size: Int, _ name: String) throws(StorageError) -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(size)
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", name) }
            if count == 0 { return content }
            content += chunk[..<count]
        }
    }

    private func failure(_ action: String, _ name: String) -> StorageError {
        let reason = String(cString: strerror(errno))
        return StorageError(.failed, "The storage '\(folder)' could not \(action) '\(name)': \(reason).")
    }
}
