import FoundationEssentials

/// What the Swift files in an app's folder of migrations say, beside what was compiled of them.
///
/// A program that runs elsewhere than where it was built finds no files, and nothing to say.
public struct MigrationSources: Sendable {
    /// A place in a file, and what is wrong there.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// The file.
        public let file: String
        /// The line, counted from 1.
        public let line: Int
        /// What is wrong, and what to do.
        public let text: String

        /// `Sources/Blog/Migrations/0002_fill.swift:7: …`.
        public var description: String { "\(file):\(line): \(text)" }
    }

    private struct File: Sendable {
        let path: String
        let text: String
    }

    private let app: Migrations
    private let files: [File]

    /// Reads the files; none where there is no folder.
    ///
    /// - Throws: ``MigrationError`` of kind `file` for a file that is there and cannot be read.
    public init(_ app: Migrations) throws(MigrationError) {
        self.app = app
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: app.folder)) ?? []).sorted()
        var files: [File] = []
        for name in names where name.hasSuffix(".swift") {
            let path = "\(app.folder)/\(name)"
            do {
                let data = try Data(contentsOf: URL(fileURLWithPath: path))
                files.append(File(path: path, text: String(decoding: data, as: UTF8.self)))
            } catch {
                throw MigrationError(
                    .file, "The file '\(path)' cannot be read.", "Check its permissions.", underlying: error)
            }
        }
        self.files = files
    }

    /// The migrations that files declare and the compiled list has not: either the list in the index does not name
    /// them, or the program was not built since.
    public var unlisted: [Problem] {
        let compiled = Set(app.list.map(\.name))
        let index = files.first { $0.path == app.file }.map { SwiftText($0.text, keepingStrings: false).code } ?? ""
        return files.flatMap { file in
            let code = SwiftText(file.text, keepingStrings: true).code
            return Self.declarations(in: code).filter { !compiled.contains($0.name) }.map { found in
                let isListed = index.contains(word: found.property)
                return Problem(
                    file: file.path, line: code.line(of: found.place),
                    text: isListed
                        ? "The migration '\(app.app).\(found.name)' is listed, and the program was built before it was. "
                            + "Build again."
                        : "The migration '\(app.app).\(found.name)' is not in the list of '\(app.app)'. "
                            + "Write `.\(found.property)` into \(app.file), or delete the file.")
            }
        }
    }

    /// The places where a migration names the type of a model. The type changes with the project, and the migration
    /// would do something else then, or not compile.
    ///
    /// - Parameter models: The names of the types, such as `Post`.
    public func liveModels(_ models: Set<String>) -> [Problem] {
        // Names that a migration cannot do without are nobody's model here.
        let models = models.subtracting(["Migration", "Migrations"])
        return files.flatMap { file -> [Problem] in
            let code = SwiftText(file.text, keepingStrings: false).code
            // An app may keep its migrations beside other files, in which models have their place.
            guard code.contains(word: "Migration") else { return [] }
            return code.identifiers.filter { models.contains($0.name) && !$0.isMember }.map { found in
                Problem(
                    file: file.path, line: code.line(of: found.place),
                    text:
                        "A migration names the type '\(found.name)' of a model, which will change. Describe the model "
                        + "as it is now, by texts; RunSwift reads its rows by `data.model(\"\(found.name)\")`.")
            }
        }
    }

    /// The properties that hold a migration.
    private static func declarations(in code: String) -> [(property: String, name: String, place: String.Index)] {
        let form = /static\s+let\s+(\w+)\s*(?::\s*Migration\s*)?=\s*(?:Migration|\.init)\(\s*"([^"\\]+)"/
        return code.matches(of: form).map { (String($0.output.1), String($0.output.2), $0.range.lowerBound) }
    }
}

extension String {
    fileprivate func line(of place: Index) -> Int { 1 + self[..<place].count(where: \.isNewline) }

    fileprivate func contains(word: String) -> Bool { identifiers.contains { $0.name == word } }

    /// The identifiers of source without comments and texts. A member is one behind a dot that follows no type or
    /// module: `.Post`, `x.Post`, and not `Blog.Post`.
    fileprivate var identifiers: [(name: String, place: Index, isMember: Bool)] {
        var found: [(name: String, place: Index, isMember: Bool)] = []
        var previous: Substring = ""
        var dot = false
        var place = startIndex
        while place < endIndex {
            guard self[place].isLetter || self[place] == "_" else {
                if self[place] == "." {
                    dot = true
                } else if !self[place].isWhitespace, self[place] != "`" {
                    (dot, previous) = (false, "")
                }
                place = index(after: place)
                continue
            }
            let end = self[place...].firstIndex { !($0.isLetter || $0.isNumber || $0 == "_") } ?? endIndex
            found.append((String(self[place..<end]), place, dot && previous.first?.isUppercase != true))
            (previous, dot, place) = (self[place..<end], false, end)
        }
        return found
    }
}
