import FoundationEssentials
import MartletORM
import MartletSite
import Synchronization

/// Writes rows as a JSON fixture.
struct DumpDataCommand: Command {
    let name = "dumpdata"
    let summary = "Writes rows as a JSON fixture, which loaddata and Django's own read."

    let labels = CommandArgument<[String]>("APP[.MODEL]", completion: .models, help: "Only these apps and models.")
    let excluded = CommandOption<[String]>(
        "exclude", short: "e", placeholder: "APP[.MODEL]", completion: .models,
        help: "Leaves these out; several with commas between.")
    let indent = CommandOption<Int?>("indent", help: "By how many spaces each level is moved in, from 0 to 16.")
    let naturalForeign = CommandFlag("natural-foreign", help: "Refers to rows by their natural keys.")
    let naturalPrimary = CommandFlag("natural-primary", help: "Leaves out the keys of rows that have natural ones.")
    let keys = CommandOption<String?>("pks", placeholder: "KEY,…", help: "Only the rows with these keys, of one model.")
    let output = CommandOption<String?>(
        "output", short: "o", placeholder: "FILE", completion: .files, help: "Writes to a file, whole or not at all.")

    func run(_ context: CommandContext) async throws {
        let arguments = context.arguments
        let indentation = try indentation(arguments)
        let models = try selected(context)
        let keys = try arguments[keys]?.split(separator: ",").map(String.init)
        guard keys == nil || models.count == 1 else {
            throw CommandError("--pks is for one model. Usage: manage \(usage)", exitCode: 2)
        }
        try await context.withSite { running in
            var writer = FixtureWriter(database: running.database)
            writer.naturalForeign = arguments[naturalForeign]
            writer.naturalPrimary = arguments[naturalPrimary]
            writer.indentation = indentation
            guard let file = try arguments[output] else {
                return try await dump(writer, models, keys) { context.print($0) }
            }
            let path = context.site.path(file)
            let all = try await count(models, running.database)
            let total = keys?.count ?? all
            let progress = context.progress("Writing \(file)", ofMany: total)
            defer { progress?.finish() }
            let lines = Mutex<[String]>([])
            try await dump(writer, models, keys) { line in
                lines.withLock { $0.append(line) }
                if line != "[", line != "]" { progress?.advance() }
            }
            let text = lines.withLock { $0.joined(separator: "\n") } + "\n"
            try NamedFile.write(text, to: path)
        }
    }

    private func count(_ models: [any Model.Type], _ database: Database) async throws -> Int {
        var total = 0
        for model in models {
            let count = Statement("SELECT COUNT(*) FROM \(database.dialect.quoted(model.anyTable.name))")
            total += Int(try await database.rows(count) { try $0.integer(at: 0) }.first ?? 0)
        }
        return total
    }

    private func dump(
        _ writer: FixtureWriter, _ models: [any Model.Type], _ keys: [String]?,
        _ print: @escaping @Sendable (String) -> Void
    ) async throws {
        // A comma follows an object that is not the last, so each is kept until the next one comes.
        let waiting = Mutex<String?>(nil)
        let margin = String(repeating: " ", count: writer.indentation ?? 0)
        try await writer.write(models, keys: keys, whenReadable: { print("[") }) { object in
            let text = margin + object.replacing("\n", with: "\n" + margin)
            let last = waiting.withLock { waiting in
                defer { waiting = text }
                return waiting
            }
            if let last { print(last + ",") }
        }
        if let last = waiting.withLock({ $0 }) { print(last) }
        print("]")
    }

    private func indentation(_ arguments: Arguments) throws -> Int? {
        guard let width = try arguments[indent] else { return nil }
        guard (0...16).contains(width) else {
            throw CommandError("'\(width)' is no indentation: write a number from 0 to 16.", exitCode: 2)
        }
        return width
    }

    /// The models that are named, or all; without those left out, and without other views of tables.
    private func selected(_ context: CommandContext) throws -> [any Model.Type] {
        let all = context.site.registry.models.filter { $0.anyTable.schema.proxied == nil }
        func named(_ label: String) throws -> [any Model.Type] {
            let label = label.lowercased()
            let found = all.filter { "\($0.modelName)".lowercased() == label || $0.modelName.app.lowercased() == label }
            guard found.isEmpty, !context.site.apps.contains(where: { $0.label.lowercased() == label }) else {
                return found
            }
            let known = all.map { "\($0.modelName)".lowercased() }.sorted().joined(separator: ", ")
            throw CommandError("There is no app or model '\(label)'; there are \(known).")
        }
        let words = try context.arguments[labels]
        let wanted = try Set((words.isEmpty ? all : words.flatMap(named)).map { $0.modelName })
        let excluded = try Set(
            context.arguments[excluded].flatMap { $0.split(separator: ",") }.flatMap { try named(String($0)) }
                .map { $0.modelName })
        return all.filter { wanted.contains($0.modelName) && !excluded.contains($0.modelName) }
    }
}
