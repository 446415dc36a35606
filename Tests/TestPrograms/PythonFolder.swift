import FoundationEssentials
import Glibc

/// The folder of a virtual environment with some packages.
///
/// Processes and tests that want the same wait for each other. A folder counts only once a file in it says that it is
/// finished: whatever ended its making, the next one begins anew.
package struct PythonFolder: Sendable {
    /// Where it is. Programs in it have this path in them, so it is never moved.
    package let path: String
    private let packages: [String]

    private var mark: String { "\(path)/finished" }
    private var python: String { "\(path)/bin/python" }

    /// Names the folder for a list of packages.
    package init(root: String, _ packages: [String]) {
        self.packages = packages
        let name = packages.joined(separator: "+").unicodeScalars.map { scalar in
            scalar.properties.isAlphabetic || "0123456789.-+".unicodeScalars.contains(scalar)
                ? String(scalar) : "_" + String(scalar.value, radix: 16)
        }
        path = "\(root)/\(name.isEmpty ? "plain" : name.joined())"
    }

    /// The path of its Python, made where it is missing.
    package func program() throws -> String {
        try FileManager.default.createDirectory(
            atPath: path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" },
            withIntermediateDirectories: true)
        let lock = Glibc.open("\(path).lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
        guard lock >= 0 else { throw ProgramError(description: "\(path).lock cannot be opened: errno \(errno)") }
        // Closing it gives the lock back, also when this process ends in any other way.
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw ProgramError(description: "\(path).lock: errno \(errno)") }
        }
        if access(mark, F_OK) == 0, PythonEnvironment.has(packages, python) { return python }
        try make()
        return python
    }

    private func make() throws {
        try? FileManager.default.removeItem(atPath: path)
        guard Program.exists("python3") else { throw PythonUnavailable(description: "install python3") }
        let environment = try Program.runBlocking("python3", ["-m", "venv", path], seconds: 300)
        guard environment.status == 0 else {
            throw PythonUnavailable(description: "install python3-venv: \(environment.output)")
        }
        if !packages.isEmpty { try install() }
        guard FileManager.default.createFile(atPath: mark, contents: nil) else {
            throw ProgramError(description: "\(mark) cannot be written")
        }
    }

    private func install() throws {
        let options = ["--quiet", "--disable-pip-version-check", "--no-input", "--retries", "2", "--timeout", "20"]
        let result = try Program.runBlocking(python, ["-m", "pip", "install"] + options + packages, seconds: 600)
        guard result.status != 0 else { return }
        let signs = ["connection", "timed out", "name resolution", "unreachable", "proxy"]
        let hasNoNetwork = signs.contains { result.output.lowercased().contains($0) }
        if hasNoNetwork { throw PythonUnavailable(description: "no network: \(result.output)") }
        throw ProgramError(description: "pip cannot install \(packages.joined(separator: " ")): \(result.output)")
    }
}
