import FoundationEssentials
import MartletScaffold

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

    init(_ line: [String]) throws {
        command = line.first.flatMap { ["help", "--help", "-h"].contains($0) ? nil : $0 }
        if let command, !["startproject", "startapp"].contains(command) {
            throw UsageError("There is no command '\(command)'.")
        }
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
            case _ where item.hasPrefix("-"): throw UsageError("There is no option '\(item)'.")
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
