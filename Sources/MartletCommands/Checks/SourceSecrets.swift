import Dispatch
import FoundationEssentials
import MartletLogging

/// Looks for secrets that stand in Swift sources as they are.
///
/// What can be told: `Secret("…")`; a text with letters and digits under a name that looks like a secret's; keys of well
/// known services; passwords in URLs. A line with `// no secret` is passed over.
struct SourceSecrets {
    /// One finding; what it is, without the secret.
    struct Found: Sendable, Hashable {
        let file: String
        let line: Int
        let what: String
    }

    /// A larger file was made by a program.
    private static let mostBytes = 1_000_000

    /// Reads all Swift files below a folder; none where the sources are not there, as in production.
    static func find(below folder: String) async throws -> [Found] {
        await withCheckedContinuation { continuation in
            // Reading thousands of files blocks, and no worker waits for that.
            DispatchQueue(label: "martlet.check.sources").async {
                let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
                let files = names.filter { $0.hasSuffix(".swift") }.sorted()
                continuation.resume(
                    returning: files.flatMap { name -> [Found] in
                        guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
                            data.count <= mostBytes
                        else { return [] }
                        return find(in: String(decoding: data, as: UTF8.self), file: "Sources/\(name)")
                    })
            }
        }
    }

    /// Looks through one file.
    static func find(in text: String, file: String) -> [Found] {
        text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
            guard line.contains("\""), !line.contains("// no secret"), !isComment(line), let what = what(in: line)
            else {
                return nil
            }
            return Found(file: file, line: index + 1, what: what)
        }
    }

    private static func isComment(_ line: Substring) -> Bool {
        line.drop { $0 == " " || $0 == "\t" }.hasPrefix("//")
    }

    private static func what(in line: Substring) -> String? {
        for literal in literals(in: line) where !literal.text.isEmpty {
            let text = literal.text
            if literal.before.hasSuffix("Secret(") { return "a literal in Secret(…)" }
            if let service = service(of: text) { return "a key of \(service)" }
            if hasPassword(text) { return "a URL with a password" }
            if let name = name(before: literal.before), SecretNames.matches(name), looksRandom(text) {
                return "a literal under the name '\(name)'"
            }
        }
        return nil
    }

    /// The plain literals of a line, with what stands before each; one with a value put in is none.
    private static func literals(in line: Substring) -> [(before: Substring, text: Substring)] {
        var found: [(before: Substring, text: Substring)] = []
        var rest = line[...]
        while let open = rest.firstIndex(of: "\"") {
            let start = line.index(after: open)
            guard let close = line[start...].firstIndex(of: "\"") else { break }
            let text = line[start..<close]
            if !text.contains("\\(") { found.append((line[..<open], text)) }
            rest = line[line.index(after: close)...]
        }
        return found
    }

    /// The name in `name: String = "…"`, `name = "…"` and `name: "…"`.
    private static func name(before: Substring) -> String? {
        var words = before.drop { $0 == " " }
        while let last = words.last, last == " " || last == "=" || last == ":" || last == "?" { words.removeLast() }
        if words.hasSuffix(": String") { words = words.dropLast(8) }
        let name = words.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return name.isEmpty || before.last == "(" ? nil : String(name.reversed())
    }

    /// Words, names of variables and paths are no secrets; letters mixed with digits may be.
    private static func looksRandom(_ text: Substring) -> Bool {
        text.count >= 8 && !text.contains(" ") && !text.contains("/") && text.contains { $0.isNumber }
            && text.contains { $0.isLetter }
    }

    private static func service(of text: Substring) -> String? {
        let prefixes: KeyValuePairs = [
            "AKIA": ("Amazon's", 20), "ghp_": ("GitHub's", 40), "github_pat_": ("GitHub's", 60),
            "sk_live_": ("Stripe's", 20),
            "xoxb-": ("Slack's", 30), "xoxp-": ("Slack's", 30), "-----BEGIN ": ("a certificate's owner", 12),
        ]
        guard let (prefix, (service, length)) = prefixes.first(where: { text.hasPrefix($0.key) }) else { return nil }
        if prefix == "-----BEGIN " { return text.contains("PRIVATE KEY") ? service : nil }
        return text.count >= length ? service : nil
    }

    private static func hasPassword(_ text: Substring) -> Bool {
        guard let scheme = text.firstRange(of: "://"), let at = text[scheme.upperBound...].lastIndex(of: "@"),
            let colon = text[scheme.upperBound..<at].firstIndex(of: ":")
        else { return false }
        let password = text[text.index(after: colon)..<at]
        return !password.isEmpty && !["password", "…", "..."].contains(password) && !password.contains("$")
    }
}
