import MartletJSON
import MartletORM
import Testing

/// Asks what Django was asked, of the same rows, and compares the answers: see `Django/ask_django.py`.
@Suite(.semantics) struct SemanticsTests {
    @Test func `queries find what Django finds`() async throws {
        try await Semantics.load()
        let questions = try #require(try Semantics.file("questions.json").objectValue)
        let answers = try #require(try Semantics.file("answers.json").objectValue)
        #expect(questions.count >= 189 && questions.count == answers.count, "no question was dropped")
        for (name, question) in questions {
            let steps = try #require(question["steps"]?.arrayValue)
            let found =
                switch question["model"]?.stringValue {
                case "Country": try await ids(Semantics.Country.objects, steps)
                case "Author": try await ids(Semantics.Author.objects, steps)
                case "Tag": try await ids(Semantics.Tag.objects, steps)
                case "Book": try await ids(Semantics.Book.objects, steps)
                default: try await ids(Semantics.Review.objects, steps)
                }
            #expect(found == answers[name]?.arrayValue?.compactMap(\.intValue), "\(name): \(question)")
        }
    }

    private func ids<M: Model>(_ all: QuerySet<M>, _ steps: [JSONValue]) async throws -> [Int] where M.ID == Int {
        var query = all
        var isOrdered = false
        for step in steps {
            let parts = try #require(step.arrayValue)
            switch parts[0].stringValue {
            case "filter": query = try query.filter(lookups: lookups(parts[1]))
            case "exclude": query = try query.exclude(lookups: lookups(parts[1]))
            case "distinct": query = query.distinct()
            default:
                query = try query.order(by: parts.dropFirst().compactMap(\.stringValue))
                isOrdered = true
            }
        }
        return try await (isOrdered ? query : query.order { $0.id }).all().map(\.id)
    }

    private func lookups(_ arguments: JSONValue) throws -> [String: LookupValue] {
        var lookups: [String: LookupValue] = [:]
        for (name, value) in try #require(arguments.objectValue) { lookups[name] = try lookup(value) }
        return lookups
    }

    private func lookup(_ value: JSONValue) throws -> LookupValue {
        switch value {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .integer(Int64(number))
        case .double(let number): .real(number)
        case .array(let values): .list(try values.map(lookup))
        default: .text(try #require(value.stringValue))
        }
    }
}
