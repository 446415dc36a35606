import Glibc

/// A terminal without a person: what is written to `terminal` is read from `reading`.
package final class PseudoTerminal: Sendable {
    /// The end that programs take for a terminal.
    package let terminal: Int32
    /// The end of whoever looks at it.
    package let reading: Int32

    /// Opens one, by Linux's own way: Swift does not see `posix_openpt` and its kin.
    ///
    /// Source: [pty(7)](https://man7.org/linux/man-pages/man7/pty.7.html), ioctl_tty(2), asm-generic/ioctls.h.
    package init() throws {
        let unlock = UInt(0x4004_5431)  // TIOCSPTLCK
        let number = UInt(0x8004_5430)  // TIOCGPTN
        reading = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var isLocked: Int32 = 0
        var place: Int32 = 0
        guard reading >= 0, ioctl(reading, unlock, &isLocked) == 0, ioctl(reading, number, &place) == 0,
            case let end = open("/dev/pts/\(place)", O_RDWR | O_NOCTTY | O_CLOEXEC), end >= 0
        else { throw ProgramError(description: "there is no pseudo terminal: \(String(cString: strerror(errno)))") }
        terminal = end
    }

    deinit {
        close(terminal)
        close(reading)
    }

    /// What has been written to the terminal, up to the end of a line.
    package func readLine() -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(reading, &byte, 1) == 1, byte != 0x0A { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
