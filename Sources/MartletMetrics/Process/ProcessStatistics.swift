import Glibc

/// What the system says about this process.
package struct ProcessStatistics: Sendable, Hashable {
    /// Seconds of processor time that it has used, in its own code and in the system's.
    package var cpuSeconds: Double
    /// Bytes of address space.
    package var virtualMemory: UInt64
    /// Bytes in memory.
    package var residentMemory: UInt64
    /// When it started, in seconds since 1970-01-01 UTC; `nil` where the system does not say.
    package var startTime: Double?
    /// How many threads it has.
    package var threads: Int

    /// Reads `/proc/self/stat`.
    ///
    /// - Returns: `nil` where there is no `/proc`.
    package static func current() -> ProcessStatistics? {
        guard let stat = SystemFile.read("/proc/self/stat") else { return nil }
        return ProcessStatistics(
            stat, bootTime: SystemFile.read("/proc/stat").flatMap(bootTime), ticks: sysconf(Int32(_SC_CLK_TCK)),
            page: sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Takes the line of `/proc/self/stat` apart.
    ///
    /// The second field is the program's name in parentheses, which may hold blanks and parentheses itself: what counts
    /// begins behind the last one.
    ///
    /// - Parameters:
    ///   - bootTime: When the system started, in seconds since 1970-01-01 UTC.
    ///   - ticks: How many ticks a second has.
    ///   - page: How many bytes a page has.
    ///
    /// Source: proc_pid_stat(5).
    init?(_ line: String, bootTime: Double?, ticks: Int, page: Int) {
        guard let end = line.utf8.lastIndex(of: UInt8(ascii: ")")), ticks > 0 else { return nil }
        // From the third field, the state, on.
        let fields = line[line.utf8.index(after: end)...].split { $0 == " " || $0 == "\n" }
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let threads = Int(fields[17]), let start = Double(fields[19]), let virtual = UInt64(fields[20]),
            let resident = UInt64(fields[21])
        else { return nil }
        cpuSeconds = (user + system) / Double(ticks)
        virtualMemory = virtual
        residentMemory = resident * UInt64(max(page, 1))
        startTime = bootTime.map { $0 + start / Double(ticks) }
        self.threads = threads
    }

    private static func bootTime(_ text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst("btime ".count)) }
    }
}

/// The files of `/proc`, which have no size.
enum SystemFile {
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
            bytes += buffer[..<count]
        }
    }

    /// How many entries a folder has; `nil` where it cannot be read.
    static func count(_ path: String) -> Int? {
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            let isDot = entry.pointee.d_name.0 == CChar(UInt8(ascii: "."))
            if !isDot { count += 1 }
        }
        // The one that is being read with.
        return max(0, count - 1)
    }
}
