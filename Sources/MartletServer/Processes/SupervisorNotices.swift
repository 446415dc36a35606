import FoundationEssentials
import Glibc
import MartletIO

/// Tells a supervisor that asks for it, such as systemd with `Type=notify`, how far the server is.
///
/// Source: [sd_notify(3)](https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html).
struct SupervisorNotices: Sendable {
    private let path: String?

    /// - Parameter path: The supervisor's datagram socket; nobody is told where there is none. That of the environment
    ///   unless told.
    init(path: String? = ProcessInfo.processInfo.environment["NOTIFY_SOCKET"]) {
        self.path = path
    }

    /// The server listens.
    func ready() {
        send("READY=1\nMAINPID=\(getpid())")
    }

    /// The server has been told to stop.
    func stopping() {
        send("STOPPING=1")
    }

    /// A new process is being started.
    func reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=\(Moment.now.nanoseconds / 1_000)")
    }

    /// No process could take over; the service is what it was.
    func reloadFailed() {
        send("READY=1")
    }

    /// Another process is the service from now on.
    func handedOver(to process: pid_t) {
        send("MAINPID=\(process)\nREADY=1")
    }

    /// A supervisor that does not listen is no reason not to serve, so failures are passed over.
    private func send(_ text: String) {
        guard let path, let first = path.utf8.first, path.utf8.count <= Socket.longestPath else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { Socket.close(descriptor) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        // A name that is no file's begins with a zero byte, which is written as `@`; its length then counts.
        let isAbstract = first == UInt8(ascii: "@")
        let name = isAbstract ? "\0" + path.dropFirst() : path
        let header = MemoryLayout<sockaddr_un>.size - Socket.longestPath - 1
        _ = Socket.withAddress(name) { address, length in
            sendto(
                descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL), address,
                isAbstract ? socklen_t(header + name.utf8.count) : length)
        }
    }
}
