import Glibc

/// A system call that failed: which one, on what, and why.
public struct SystemCallError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The call, such as `bind`.
    public let call: String

    /// What it was called for, such as `127.0.0.1:8000`; empty when there is nothing to add.
    public let subject: String

    /// The value of `errno`.
    public let code: Int32

    /// Makes an error.
    ///
    /// - Parameter code: The value of `errno`; read from the calling thread unless told.
    public init(_ call: String, _ subject: String = "", code: Int32? = nil) {
        self.call = call
        self.subject = subject
        self.code = code ?? errno
    }

    /// Whether the machine does not have the kind of network at all, such as IPv6.
    package var isMissingFamily: Bool { code == EAFNOSUPPORT || code == EADDRNOTAVAIL }

    /// What happened, and what to do where that is known.
    public var description: String {
        let place = subject.isEmpty ? "" : " for \(subject)"
        return "\(call) failed\(place): \(String(cString: strerror(code)))" + hint
    }

    private var hint: String {
        switch code {
        case EEXIST where call == "bind": ". The file is no socket: remove it or choose another path."
        case EADDRINUSE: ". Another program listens there: stop it or choose another port."
        case EACCES where subject.hasPrefix("unix:"): ". The server may not write to that folder."
        case EACCES: ". Ports below 1024 need the capability CAP_NET_BIND_SERVICE: choose a higher port."
        case EADDRNOTAVAIL: ". No network interface of this machine has that address."
        case ENAMETOOLONG: ". The path of a Unix socket has at most \(Socket.longestPath) bytes: choose a shorter one."
        case EMFILE, ENFILE: ". Raise the limit of open files (ulimit -n)."
        default: ""
        }
    }
}
