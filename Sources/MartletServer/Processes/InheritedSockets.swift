import Glibc
import MartletIO

/// The listening sockets that the process was started with: by a supervisor, or by the process it takes over from.
///
/// Source: [sd_listen_fds(3)](https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html).
package struct InheritedSockets: Sendable {
    let sockets: [ListeningSocket]

    /// Where the process that is to be taken over waits for a byte; `nil` when there is none.
    private let ready: Int32?

    /// Says, for each socket that a process hands to its successor, whose it is: `o` its own, `s` a supervisor's. The
    /// descriptor behind the last of them is ``ready``.
    static let handoverVariable = "MARTLET_HANDOVER"

    private static let supervisorVariables = ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "LISTEN_PIDFDID"]

    /// More than any service has; a larger number is not one of a supervisor.
    private static let mostSockets = 4_096

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// Whether there are any, so that the settings' addresses do not count.
    package static var arePresent: Bool {
        variable(handoverVariable) != nil || isForThisProcess && variable("LISTEN_FDS") != "0"
    }

    /// A supervisor names the process that the sockets are meant for, since their variables may reach its children.
    private static var isForThisProcess: Bool {
        variable("LISTEN_PID") == "\(getpid())" && variable("LISTEN_FDS") != nil
    }

    /// Takes the sockets over: they close in programs that this process starts, and the variables are removed.
    ///
    /// - Throws: ``InheritedSocketsError`` when they are not what a server can listen on.
    static func take() throws -> InheritedSockets {
        if let owners = variable(handoverVariable) {
            unsetenv(handoverVariable)
            return try InheritedSockets(isSupervised: owners.map { $0 == "s" }, hasReady: true)
        }
        guard isForThisProcess, let text = variable("LISTEN_FDS") else {
            return try InheritedSockets(isSupervised: [], hasReady: false)
        }
        for name in supervisorVariables { unsetenv(name) }
        guard let count = Int(text), (0...mostSockets).contains(count) else {
            throw InheritedSocketsError.notACount(text)
        }
        return try InheritedSockets(isSupervised: Array(repeating: true, count: count), hasReady: false)
    }

    private init(isSupervised: [Bool], hasReady: Bool) throws {
        let first = ChildProcess.firstDescriptor
        sockets = try isSupervised.enumerated().map { index, isSupervised in
            let descriptor = first + Int32(index)
            guard Socket.isListening(descriptor) else { throw InheritedSocketsError.notListening(descriptor) }
            try Socket.makeNonBlocking(descriptor)
            return try ListeningSocket(descriptor, isSupervised: isSupervised)
        }
        ready = hasReady ? first + Int32(isSupervised.count) : nil
        if let ready { _ = fcntl(ready, F_SETFD, FD_CLOEXEC) }
    }

    /// Tells the process that is to be taken over that this one listens.
    func tellReady() {
        guard let ready else { return }
        // One byte always fits; should the other process be gone, nobody needs it.
        _ = write(ready, "1", 1)
        Socket.close(ready)
    }
}

/// Why the sockets that a process was started with cannot be listened on.
package enum InheritedSocketsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// `LISTEN_FDS` is no number of sockets.
    case notACount(String)
    /// A descriptor is no stream socket that listens.
    case notListening(Int32)

    /// What happened, and what to do.
    package var description: String {
        switch self {
        case .notACount(let text):
            "LISTEN_FDS is \(text.debugDescription); it must be the number of sockets. Unset it, or correct the supervisor."
        case .notListening(let descriptor):
            "Descriptor \(descriptor) of LISTEN_FDS is no listening stream socket. A systemd unit needs ListenStream= and "
                + "Accept=no."
        }
    }
}
