internal import FoundationEssentials
internal import Glibc
internal import MartletCrypto
internal import Synchronization

/// The files of a cache. Every call waits for the disk.
struct CacheFiles: Sendable {
    private let folder: String
    private let capacity: Int
    private let tally = Tally()

    /// How many bytes the files take, as far as this process knows; `nil` before it has looked.
    private final class Tally: Sendable {
        let bytes = Mutex<Int?>(nil)
    }

    init(folder: String, capacity: Int) throws(CacheError) {
        self.folder = folder
        self.capacity = capacity
        var status = stat()
        if mkdir(folder, 0o700) != 0, errno != EEXIST {
            throw .invalidLocation(location: folder, reason: "the folder cannot be made: \(Self.reason)")
        }
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .invalidLocation(location: folder, reason: "it is no folder")
        }
    }

    // MARK: Entries

    /// The entry of a key and its end; `nil` where there is none, or its time is over.
    func read(_ key: String, _ now: Date) throws(CacheError) -> (entry: CacheEntry, end: Date?)? {
        let path = try path(key)
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        if file < 0 {
            if errno == ENOENT { return nil }
            throw failure("read a file")
        }
        defer { close(file) }
        guard let bytes = Self.content(of: file), let (found, entry, end) = CacheFileFormat.read(bytes), found == key,
            end.map({ $0 > now }) ?? true
        else { return nil }
        return (entry, end)
    }

    /// Replaces the file of a key. Where that fails, nothing is under the key any more: an old value must not live on.
    func write(_ key: String, _ entry: CacheEntry, until end: CacheEnd) throws(CacheError) {
        guard case .open(let end) = end else { return remove(key) }
        let bytes = CacheFileFormat.bytes(of: key, entry, end)
        guard bytes.count <= capacity else {
            remove(key)
            throw .tooLarge(key: key, bytes: entry.bytes.count)
        }
        do throws(CacheError) {
            let old = size(try path(key))
            try replace(try path(key), by: bytes)
            try count(bytes.count - old, keeping: key)
        } catch {
            remove(key)
            throw error
        }
    }

    func write(_ key: String, _ entry: CacheEntry, until end: Date?) throws(CacheError) {
        try write(key, entry, until: .open(end))
    }

    func remove(_ key: String) {
        guard let path = try? path(key) else { return }
        let old = size(path)
        if unlink(path) == 0 { tally.bytes.withLock { $0? -= old } }
    }

    func removeAll() throws(CacheError) {
        for file in try list() { unlink(folder + "/" + file.name) }
        tally.bytes.withLock { $0 = 0 }
    }

    /// Lets only one process at a time do what reads before it writes.
    func locked<R>(_ work: () throws(CacheError) -> R) throws(CacheError) -> R {
        let lock = open(folder + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw failure("open the lock") }
        // Closing lets go of the lock.
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 { guard errno == EINTR else { throw failure("lock the folder") } }
        return try work()
    }

    // MARK: Files

    private static let suffix = ".entry"

    /// A digest: keys may have slashes, and more bytes than a name.
    private func path(_ key: String) throws(CacheError) -> String {
        do {
            return try "\(folder)/\(Digest.sha256(of: key.utf8).hexadecimal)\(Self.suffix)"
        } catch {
            throw .unavailable(reason: "\(error)")
        }
    }

    /// Writes a file beside the other, and puts it in its place.
    private func replace(_ path: String, by bytes: [UInt8]) throws(CacheError) {
        let draft = "\(path).\(getpid())"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure("make a file") }
        var error: CacheError?
        var rest = bytes[...]
        while !rest.isEmpty, error == nil {
            let written = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if written > 0 { rest = rest.dropFirst(written) } else if errno != EINTR { error = failure("write a file") }
        }
        // Some file systems tell that they are full only here.
        if close(file) != 0, error == nil { error = failure("write a file") }
        if error == nil, rename(draft, path) != 0 { error = failure("replace a file") }
        guard let error else { return }
        unlink(draft)
        throw error
    }

    private static func content(of file: Int32) -> [UInt8]? {
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let size = Int(status.st_size)
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let got = Glibc.read(file, buffer.baseAddress?.advanced(by: count), size - count)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                count += got
            }
            isWhole = count == size
        }
        return isWhole ? bytes : nil
    }

    private func size(_ path: String) -> Int {
        var status = stat()
        return lstat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    // MARK: Room

    /// Counts what a file has become longer, and makes room where all are too long.
    private func count(_ change: Int, keeping key: String) throws(CacheError) {
        let known = tally.bytes.withLock { bytes -> Int? in
            bytes? += change
            return bytes
        }
        if let known, known <= capacity { return }
        try makeRoom(keeping: key)
    }

    /// Removes the files that were written longest ago, until a quarter of the room is free; none while it suffices.
    /// Other processes write here, too, so everything is counted anew.
    ///
    /// - Parameter key: What was written last; its file may have the same time as others.
    private func makeRoom(keeping key: String) throws(CacheError) {
        let files = try list().sorted { $0.changed < $1.changed }
        let kept = try path(key)
        var bytes = files.reduce(0) { $0 + $1.size }
        if bytes > capacity {
            for file in files where bytes > capacity / 4 * 3 && folder + "/" + file.name != kept {
                if unlink(folder + "/" + file.name) == 0 { bytes -= file.size }
            }
        }
        tally.bytes.withLock { $0 = bytes }
    }

    private struct Listed {
        let name: String
        let size: Int
        /// In nanoseconds.
        let changed: Int
    }

    /// The entries, and drafts that a process has left that did not live to finish them.
    private func list() throws(CacheError) -> [Listed] {
        guard let directory = opendir(folder) else { throw failure("list the folder") }
        defer { closedir(directory) }
        var files: [Listed] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.contains(Self.suffix) else { continue }
            var status = stat()
            guard lstat(folder + "/" + name, &status) == 0 else { continue }
            let changed = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
            files.append(Listed(name: name, size: Int(status.st_size), changed: changed))
        }
        return files
    }

    private func failure(_ what: String) -> CacheError {
        .unavailable(reason: "cannot \(what) in \(folder): \(Self.reason)")
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
