import FoundationEssentials
import MartletScaffold
import MartletValues

/// What was not understood.
struct UsageError: Error {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The command line of `martlet`.
struct CommandLineWords {
    let command: String?
    private(set) var words: [String] = []
    private(set) var options: [String: String] = [:]
    private(set) var isAPI = false
    private(set) var isVersion = false

    private static let commands = ["startproject", "startapp", "version", "--version"]
    private static let options = ["--api", "--martlet", "--branch", "--model", "--help", "--version"]

    init(_ line: [String]) throws {
        // What follows `--` is a word, whatever it looks like.
        let asksForHelp = line.prefix { $0 != "--" }.contains { ["--help", "-h"].contains($0) }
        command = asksForHelp || line.first == "help" ? nil : line.first
        guard let command else { return }
        if !Self.commands.contains(command) {
            throw UsageError("There is no command '\(command)'.\(Suggestion.text(for: command, among: Self.commands))")
        }
        isVersion = command == "version" || command == "--version"
        var rest = line.dropFirst()
        while let item = rest.popFirst() {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch parts[0] {
            case "--api": isAPI = true
            case "--martlet", "--branch", "--model":
                guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                    throw UsageError("\(parts[0]) needs a value.")
                }
                options[String(parts[0].dropFirst(2))] = value
            case "--":
                words += rest
                rest = []
            case _ where item.hasPrefix("-"):
                let hint = Suggestion.text(for: parts[0], among: Self.options)
                throw UsageError("There is no option '\(item)'.\(hint)")
            default: words.append(item)
            }
        }
        if words.count > 2 { throw UsageError("'\(words[2])' is one word too many.") }
    }

    func word(_ index: Int, _ what: String) throws -> String {
        guard words.count > index else { throw UsageError("\(command ?? ""): \(what) is missing.") }
        return words[index]
    }

    /// Where a project in a folder finds Martlet.
    func framework(for folder: String) throws -> ProjectScaffold.Framework {
        if let place = options["martlet"] {
            if place.contains("://") || place.hasPrefix("git@") {
                return .repository(place, branch: options["branch"] ?? "main")
            }
            return .path(Self.isFramework(place) ? Self.path(from: folder, to: place) : place)
        }
        var place = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        while place.path != "/" {
            if Self.isFramework(place.path) { return .path(Self.path(from: folder, to: place.path)) }
            place = place.deletingLastPathComponent()
        }
        throw UsageError("Where is Martlet? --martlet takes the path of its folder, or the address of its repository.")
    }

    private static func isFramework(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/Sources/MartletScaffold")
    }

    /// `../martlet` where both are neighbours or nearly so, else the whole path.
    private static func path(from folder: String, to place: String) -> String {
        let from = URL(fileURLWithPath: folder).standardizedFileURL.path.split(separator: "/")
        let path = URL(fileURLWithPath: place).standardizedFileURL.path
        let to = path.split(separator: "/")
        let shared = zip(from, to).prefix { $0 == $1 }.count
        let up = from.count - shared
        guard shared > 0, up <= 2 else { return path }
        return ([String](repeating: "..", count: up) + to[shared...].map(String.init)).joined(separator: "/")
    }
}
