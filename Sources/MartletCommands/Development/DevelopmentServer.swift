import FoundationEssentials
import Glibc
import MartletIO
import MartletSite

/// Serves the site in a process of its own; builds when a source changes, and restarts that process when the build went
/// well. The old one goes on while it fails.
///
/// Used by one thread, which it keeps.
final class DevelopmentServer {
    private let build: ProjectBuild
    private let addresses: [String]
    private let terminal: Terminal
    private let say: (String) -> Void
    private let watcher: SourceWatcher
    private let signals: SignalPipe

    private var server: ChildProcess?
    private var reports: Int32?
    private var builder: ChildProcess?
    private var output: Int32?
    private var text: [UInt8] = []
    private var begun = ContinuousClock.now
    /// When the sources have been quiet long enough; an editor writes several files one after the other.
    private var due: ContinuousClock.Instant?
    private var hasBuilt = false

    private static let quiet = Duration.milliseconds(100)

    init(
        _ build: ProjectBuild, addresses: [String], terminal: Terminal, say: @escaping (String) -> Void
    ) throws {
        self.build = build
        self.addresses = addresses
        self.terminal = terminal
        self.say = say
        watcher = try SourceWatcher(root: build.folder)
        signals = try SignalPipe([SIGINT, SIGTERM, SIGCHLD])
    }

    /// Serves until a signal says to stop.
    ///
    /// - Returns: The exit status: that of a server that could not even start, else 0.
    func run() throws -> Int32 {
        // A server that has ended does not read its reports.
        signal(SIGPIPE, SIG_IGN)
        try startServer()
        while true {
            wait()
            for number in signals.take() where number != SIGCHLD {
                stopAll(number)
                return 0
            }
            readOutput()
            if let status = collectServer(), !hasBuilt {
                stopAll(SIGTERM)
                return status
            }
            try collectBuilder()
            if try watcher.takeChanges() { due = .now + Self.quiet }
            if let due, due <= .now { try startBuild() }
        }
    }

    private func wait() {
        var descriptors = [watcher.descriptor, signals.descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        if let output { descriptors.append(pollfd(fd: output, events: Int16(POLLIN), revents: 0)) }
        let left = due.map { ContinuousClock.now.duration(to: $0) / .milliseconds(1) }
        poll(&descriptors, nfds_t(descriptors.count), left.map { Int32(max(0, $0.rounded(.up))) } ?? -1)
    }

    private func startServer() throws {
        let pipe = try Pipe()
        defer { close(pipe.reading) }
        let environment = ProcessInfo.processInfo.environment.merging([BuildReports.variable: "1"]) { $1 }
        server = try ChildProcess(
            build.program, arguments: [build.program, "runserver", "--no-reload"] + addresses,
            environment: environment, input: pipe.reading)
        reports = pipe.writing
    }

    private func stopServer() {
        server?.send(SIGTERM)
        server?.wait()
        forgetServer()
    }

    private func forgetServer() {
        server = nil
        if let reports { close(reports) }
        reports = nil
    }

    /// - Returns: The status of a server that has ended by itself.
    private func collectServer() -> Int32? {
        guard let server, let status = Self.status(of: server) else { return nil }
        forgetServer()
        if hasBuilt {
            say(terminal.styled("The site ended with status \(status). The next change starts it again.", .red))
        }
        return status
    }

    private func startBuild() throws {
        due = nil
        if let builder {
            // What it builds is out of date.
            builder.send(SIGINT)
            builder.wait()
            endOutput()
        }
        let pipe = try Pipe()
        defer { close(pipe.writing) }
        _ = fcntl(pipe.reading, F_SETFL, O_NONBLOCK)
        text = []
        begun = .now
        say(terminal.styled("Sources have changed: building …", .faint))
        builder = try ChildProcess(
            build.command[0], arguments: build.command, environment: ProcessInfo.processInfo.environment,
            output: pipe.writing)
        output = pipe.reading
    }

    private func collectBuilder() throws {
        guard let builder, let status = Self.status(of: builder) else { return }
        self.builder = nil
        readOutput()
        endOutput()
        let seconds = ((ContinuousClock.now - begun) / .milliseconds(100)).rounded() / 10
        guard status == 0 else {
            let report = ProjectBuild.report(String(decoding: text, as: UTF8.self))
            if let reports { BuildReports.write(report, to: reports) }
            say(terminal.styled(report, .red))
            say("The build failed after \(seconds) s; the last version goes on.")
            return
        }
        say(terminal.styled("Built in \(seconds) s: restarting.", .green))
        hasBuilt = true
        stopServer()
        try startServer()
    }

    private func readOutput() {
        guard let output else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(output, &buffer, buffer.count)
            if count == 0 { return endOutput() }
            guard count > 0 else { return }
            text += buffer[..<count]
        }
    }

    private func endOutput() {
        if let output { close(output) }
        output = nil
    }

    private func stopAll(_ number: Int32) {
        builder?.send(number)
        builder?.wait()
        builder = nil
        endOutput()
        stopServer()
    }

    /// The status of a process that has ended; `nil` while it runs.
    private static func status(of process: ChildProcess) -> Int32? {
        var status: Int32 = 0
        guard waitpid(process.id, &status, WNOHANG) == process.id else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? status >> 8 & 0xFF : 128 + signal
    }
}
