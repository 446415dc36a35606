import CMartletLinux
import Glibc

/// The two ends of a pipe that no other program inherits, unless it is given one.
package struct Pipe: Sendable {
    /// Where what was written comes out.
    package let reading: Int32
    /// Where to write.
    package let writing: Int32

    /// Makes a pipe; closing the ends is the caller's.
    ///
    /// - Throws: ``SystemCallError``.
    package init() throws {
        var ends: [Int32] = [0, 0]
        #if os(Linux)
        guard martlet_pipe(&ends) == 0 else { throw SystemCallError("pipe2") }
        #else
        guard pipe(&ends) == 0 else { throw SystemCallError("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        #endif
        (reading, writing) = (ends[0], ends[1])
    }
}
