import Glibc

/// What tells whether a name still leads to the same file with the same content.
package struct FileIdentity: Sendable, Hashable {
    package let size: Int
    /// When the content was last changed.
    package let modified: Instant
    private let device: UInt64
    private let inode: UInt64
    /// When anything was last changed, such as who may read it; no program can set it back.
    private let changed: Instant

    /// A moment on the file system's clock.
    package struct Instant: Sendable, Hashable {
        package let seconds: Int
        package let nanoseconds: Int
    }

    /// Looks at an open file; `nil` when it is no regular one.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Looks at what a name leads to; `nil` when that is no regular file. The last name may be no symbolic link.
    package init?(path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    private init?(_ status: borrowing stat) {
        guard status.st_mode & S_IFMT == S_IFREG else { return nil }
        size = Int(status.st_size)
        modified = Instant(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        changed = Instant(seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec)
    }
}
