import FoundationEssentials
import Glibc

/// How the program is built anew.
struct ProjectBuild {
    /// The program and its words.
    let command: [String]
    /// The built program.
    let program: String
    /// The project's folder, with Package.swift.
    let folder: String

    /// The build that made this program: the same folder, the same configuration.
    ///
    /// - Parameter command: A command line for a shell instead of `swift build`.
    /// - Throws: ``CommandError`` when the program does not stand where SwiftPM puts it.
    init?(folder: String, command: String?, program: String = Self.ownPath) {
        let folder = folder == "." ? FileManager.default.currentDirectoryPath : folder
        guard FileManager.default.fileExists(atPath: "\(folder)/Package.swift") else { return nil }
        self.folder = folder
        self.program = program
        if let command {
            self.command = ["sh", "-c", command]
            return
        }
        // …/.build/x86_64-unknown-linux-gnu/debug/manage
        let parts = program.split(separator: "/").map(String.init)
        guard parts.count > 3, ["debug", "release"].contains(parts[parts.count - 2]) else { return nil }
        self.command = [
            "swift", "build", "--package-path", folder, "--scratch-path",
            "/" + parts.dropLast(3).joined(separator: "/"),
            "--configuration", parts[parts.count - 2], "--product", parts[parts.count - 1],
        ]
    }

    /// Where this program lies.
    static var ownPath: String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    }

    /// The lines that a person needs of what a failed build has written: from the first error on.
    static func report(_ output: String) -> String {
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        let first = lines.firstIndex { $0.contains("error:") } ?? lines.startIndex
        // The compiler repeats itself once for each file that it compiles together.
        var seen: Set<Substring> = []
        let errors = lines[first...].filter { !$0.contains("error:") || seen.insert($0).inserted }
        return String(errors.joined(separator: "\n").prefix(100_000))
    }
}
