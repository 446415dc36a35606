import FoundationEssentials

/// Writes migrations as Swift source, the way a person would have written it, and keeps the app's index.
public struct MigrationWriter: Sendable {
    /// A file to be written.
    public struct File: Sendable, Hashable {
        /// Where.
        public let path: String
        /// What.
        public let text: String
        /// Whether it may exist already.
        let replaces: Bool
    }

    private let imports: [String]

    /// Makes a writer.
    ///
    /// - Parameter imports: The modules that the written files import.
    public init(imports: [String] = ["Martlet"]) {
        self.imports = imports
    }

    /// The files that drafts come down to: one for each, and the index of each app.
    ///
    /// - Parameter graph: Has the apps of the drafts, whose indexes tell where to write.
    /// - Throws: ``MigrationError`` of kind `file` when an index cannot be read, or its list not found.
    public func files(for drafts: [MigrationDraft], in graph: MigrationGraph) throws(MigrationError) -> [File] {
        var files: [File] = []
        for app in graph.apps {
            let new = drafts.filter { $0.app == app.app }
            if new.isEmpty { continue }
            for draft in new {
                let path = "\(app.folder)/\(draft.migration.name).swift"
                files.append(File(path: path, text: try source(of: draft), replaces: false))
            }
            let index = try MigrationIndexFile(text: try read(app.file), path: app.file, app: app.app)
            files.append(File(path: app.file, text: index.adding(new.map(\.migration.name)), replaces: true))
        }
        return files
    }

    /// Writes the files of drafts.
    ///
    /// - Returns: The paths that were written.
    /// - Throws: ``MigrationError`` of kind `file`; a migration's file is never overwritten. Nothing is written if one
    ///   exists; and when one cannot be written, those before it are as they were.
    @discardableResult
    public func write(_ drafts: [MigrationDraft], in graph: MigrationGraph) throws(MigrationError) -> [String] {
        let files = try files(for: drafts, in: graph)
        for file in files where !file.replaces && FileManager.default.fileExists(atPath: file.path) {
            throw MigrationError(
                .file, "The file '\(file.path)' exists already.",
                "Add its migration to the index, or move the file away; then run makemigrations again.")
        }
        let before = files.map { FileManager.default.contents(atPath: $0.path) }
        for (position, file) in files.enumerated() {
            do {
                try put(file.text, into: file.path)
            } catch {
                for (file, old) in zip(files, before).prefix(position) { Self.restore(file.path, to: old) }
                throw error
            }
        }
        return files.map(\.path)
    }

    /// Where the file of a draft lies, or will lie.
    ///
    /// - Throws: ``MigrationError`` when no app with migrations has that label.
    public func path(of draft: MigrationDraft, in graph: MigrationGraph) throws(MigrationError) -> String {
        "\(try graph.app(draft.app).folder)/\(draft.migration.name).swift"
    }

    /// Writes a migration that has a file anew, with what else is in that file lost.
    ///
    /// - Returns: The path.
    /// - Throws: ``MigrationError`` of kind `file`, when there is no such file, or an operation has no source.
    public func rewrite(_ draft: MigrationDraft, in graph: MigrationGraph) throws(MigrationError) -> String {
        let path = try path(of: draft, in: graph)
        guard FileManager.default.fileExists(atPath: path) else {
            throw MigrationError(
                .file, "The migration \(draft.name) has no file '\(path)'.",
                "Run this where the project was built, and keep each migration in a file of its name.")
        }
        try put(try source(of: draft), into: path)
        return path
    }

    /// Takes back what was written; the error that is thrown afterwards is the one that counts.
    private static func restore(_ path: String, to old: Data?) {
        if let old {
            try? old.write(to: URL(fileURLWithPath: path), options: .atomic)
        } else {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private func put(_ text: String, into path: String) throws(MigrationError) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            let refusal = SystemRefusal(error)
            throw MigrationError(
                .file, "The file '\(path)' cannot be written.",
                refusal?.remedy ?? "Look at what is in its way, and run the command again.",
                underlying: refusal ?? error)
        }
    }

    /// The source of a draft.
    ///
    /// - Throws: ``MigrationError`` for an operation that has no source form.
    public func source(of draft: MigrationDraft) throws(MigrationError) -> String {
        var lines: [String] = []
        for operation in draft.migration.operations {
            guard let source = operation.sourceIfAny else {
                throw MigrationError(
                    .file, "The operation '\(operation)' of \(draft.name) cannot be written.",
                    "Code and operations of the project's own have no source that could be written: write it by hand.")
            }
            lines.append("        " + source.laidOut(indent: 8, column: 8, tail: 0))
        }
        if lines.isEmpty { lines = [Self.emptyBody(of: draft)] }
        return """
            \(imports.map { "import \($0)" }.joined(separator: "\n"))

            extension Migration {
            \(head(of: draft))
            \(lines.joined(separator: "\n"))
                }
            }

            """
    }

    /// What stands in a migration without operations.
    private static func emptyBody(of draft: MigrationDraft) -> String {
        draft.migration.dependencies.count > 1
            ? "        // Joins the branches: there is nothing to do."
            : "        // Operations, one below the other: RunSQL(…, reverse: …), RunSwift(reverse: …) { data in … }"
    }

    private func head(of draft: MigrationDraft) -> String {
        let dependencies = draft.migration.dependencies.map(\.description)
        let replaces = draft.migration.replaces.map(\.description)
        let arguments = SourceArguments(.string(draft.migration.name))
            .with("replaces", .strings(replaces), unless: replaces.isEmpty)
            .with("dependencies", .strings(dependencies), unless: dependencies.isEmpty)
        let start = "    static let \(propertyName(of: draft.name)) = "
        return start + SourceCode.opening("Migration", arguments.list, indent: 4, column: start.count)
    }

    private func read(_ path: String) throws(MigrationError) -> String {
        do {
            return try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        } catch {
            throw MigrationError(
                .file, "The index of migrations '\(path)' cannot be read.",
                "Run makemigrations where the project was built, and build again after moving it.",
                underlying: SystemRefusal(error) ?? error)
        }
    }
}

/// The name under which a migration is listed: `blog0001Initial`.
func propertyName(of name: MigrationName) -> String {
    camelCased("\(name.app)_\(name.name)")
}

/// Turns `blog_0002_post_excerpt` into `blog0002PostExcerpt`.
func camelCased(_ name: String) -> String {
    let words = name.split { !($0.isLetter || $0.isNumber) }
    let rest = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
    return (words.first.map { String($0) } ?? "") + rest.joined()
}
