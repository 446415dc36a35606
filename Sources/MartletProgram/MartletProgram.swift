import FoundationEssentials
import Glibc
import MartletCrypto
import MartletScaffold
import MartletValues

/// `martlet startproject` and `martlet startapp`.
@main
struct MartletProgram {
    static let usage = """
        Usage: martlet startproject NAME [FOLDER] [--api] [--martlet PATH|URL] [--branch BRANCH]
               martlet startapp NAME [--model MODEL] [--api]
               martlet --version

        startproject writes a new project; --api one without templates. It finds Martlet where this program was
        built, or where --martlet says. startapp adds an app to the project in this folder.
        """

    static func main() {
        do {
            let line = try CommandLineWords(Array(CommandLine.arguments.dropFirst()))
            if line.isVersion { return print(martletVersion) }
            switch line.command {
            case "startproject": try startProject(line)
            case "startapp": try startApp(line)
            default: print(usage)
            }
        } catch let error as UsageError {
            complain("\(error.description)\n\n\(usage)", status: 2)
        } catch {
            complain("\(error)", status: 1)
        }
    }

    private static func startProject(_ line: CommandLineWords) throws {
        let name = try line.word(0, "the project's name")
        // A name that cannot be is told before anything is looked for.
        try ProjectScaffold.checkName(name)
        let folder = line.words.count > 1 ? line.words[1] : name
        let project = try ProjectScaffold(
            name, hasPages: !line.isAPI, framework: try line.framework(for: folder),
            secretKey: Random.string(length: 64))
        try project.write(to: folder)
        print(
            "Wrote \(folder). Next:\n\n    cd \(folder)\n    swift run manage migrate\n    swift run manage runserver")
    }

    private static func startApp(_ line: CommandLineWords) throws {
        let name = try line.word(0, "the app's name")
        if line.words.count > 1 { throw UsageError("'\(line.words[1])' is one word too many.") }
        let hasPages = !line.isAPI && FileManager.default.fileExists(atPath: "Templates")
        let app = try AppScaffold(name, model: line.options["model"] ?? "Item", hasPages: hasPages)
        for path in try app.write(to: ".") { print("Wrote \(path)") }
    }

    private static func complain(_ text: String, status: Int32) {
        let bytes = Array("martlet: \(text)\n".utf8)
        _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(status)
    }
}
