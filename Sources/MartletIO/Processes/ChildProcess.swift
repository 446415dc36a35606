package import Glibc

/// A process that this one has started, with descriptors of its choice.
package struct ChildProcess: Sendable {
    /// The process's number.
    package let id: pid_t

    /// The number of the first descriptor that is handed over; they follow each other.
    package static let firstDescriptor: Int32 = 3

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: Its path, or a name that is looked for in `PATH`.
    ///   - arguments: The arguments, beginning with the program's name.
    ///   - environment: All of its variables.
    ///   - descriptors: What it gets besides the three standard ones, from ``firstDescriptor`` on. Others close that are marked so
    ///     (`FD_CLOEXEC`), as all of the framework's are.
    ///   - input: What it reads from; this process's input unless told.
    ///   - output: Where both its outputs go; this process's unless told.
    /// - Throws: ``SystemCallError``.
    package init(
        _ program: String, arguments: [String], environment: [String: String], descriptors: [Int32] = [],
        input: Int32? = nil, output: Int32? = nil
    ) throws {
        var places = Array(zip(descriptors, Self.firstDescriptor...))
        if let input { places.append((input, STDIN_FILENO)) }
        if let output { places += [(output, STDOUT_FILENO), (output, STDERR_FILENO)] }
        // Copies above the range that they go to, or one would overwrite another that is still to be copied.
        let end = Self.firstDescriptor + Int32(descriptors.count)
        var copies: [(descriptor: Int32, place: Int32)] = []
        defer { for copy in copies { Socket.close(copy.descriptor) } }
        for (descriptor, place) in places {
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, end)
            guard copy >= 0 else { throw SystemCallError("fcntl", "descriptor \(descriptor)") }
            copies.append((copy, place))
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for copy in copies {
            // `dup2` clears the flag that would close it.
            posix_spawn_file_actions_adddup2(&actions, copy.descriptor, copy.place)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.resetSignals(&attributes)
        var id: pid_t = 0
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let status = Self.withPointers(arguments) { arguments in
            Self.withPointers(variables) { posix_spawnp(&id, program, &actions, &attributes, arguments, $0) }
        }
        guard status == 0 else { throw SystemCallError("posix_spawn", program, code: status) }
        self.id = id
    }

    /// The signals that a server takes itself are ignored in it, and what is ignored stays so in a new program.
    private static func resetSignals(_ attributes: inout posix_spawnattr_t) {
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGPIPE] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    }

    private static func withPointers<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() { (pointers + index).initialize(to: strdup(text)) }
        (pointers + texts.count).initialize(to: nil)
        defer {
            for index in texts.indices { free(pointers[index]) }
            pointers.deallocate()
        }
        return body(pointers)
    }

    /// Sends a signal.
    package func send(_ signal: Int32) {
        kill(id, signal)
    }

    /// Waits for the end, keeping the thread.
    ///
    /// - Returns: How it ended, in words.
    @discardableResult
    package func wait() -> String {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { return "ended" }
        }
        let signal = status & 0x7F
        return signal == 0 ? "ended with status \(status >> 8 & 0xFF)" : "was ended by signal \(signal)"
    }
}
