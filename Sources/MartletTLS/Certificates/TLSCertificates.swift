import Glibc
import Synchronization

/// The certificates of a server as they are now, which change when their files do.
package final class TLSCertificates: Sendable {
    /// What tells that a file is another one than before.
    private struct FileMark: Equatable {
        var inode: UInt64 = 0
        var size: Int = 0
        var seconds: Int = 0
        var nanoseconds: Int = 0
    }

    private struct State {
        var context: TLSContext
        /// The files when they were last read, well or not.
        var marks: [FileMark]
    }

    private let settings: TLSSettings

    /// Shared by the workers, each of which looks once a connection; held only to look or to exchange.
    private let state: Mutex<State>

    /// Reads all files.
    package init(_ settings: TLSSettings) throws(TLSError) {
        self.settings = settings
        let marks = Self.marks(settings)
        state = Mutex(State(context: try TLSContext(settings), marks: marks))
    }

    /// What a new session begins with.
    package var context: TLSContext { state.withLock { $0.context } }

    /// Reads the files again, for the sessions that begin from now on.
    ///
    /// - Throws: ``TLSError``; the certificates then stay as they were.
    package func reload() throws(TLSError) {
        let marks = Self.marks(settings)
        // Noted first: files that are wrong are not reported again until they change.
        state.withLock { $0.marks = marks }
        let context = try TLSContext(settings)
        state.withLock { $0.context = context }
    }

    /// Whether a file is another one than when it was last read.
    package var haveFilesChanged: Bool {
        let marks = Self.marks(settings)
        return state.withLock { $0.marks != marks }
    }

    private static func marks(_ settings: TLSSettings) -> [FileMark] {
        settings.certificates.flatMap { [mark($0.certificate), mark($0.key)] }
    }

    private static func mark(_ file: String) -> FileMark {
        var status = stat()
        guard stat(file, &status) == 0 else { return FileMark() }
        return FileMark(
            inode: UInt64(status.st_ino), size: Int(status.st_size), seconds: status.st_mtim.tv_sec,
            nanoseconds: status.st_mtim.tv_nsec)
    }
}
