import FoundationEssentials
import MartletORM
import Testing

/// Rows that are read while they are used.
@Suite(.library) struct StreamTests {
    private struct Stop: Error {}

    private func fill(_ count: Int) async throws {
        try await Person.objects.createMany((0..<count).map { Person(name: "\($0)") })
    }

    private var ordered: QuerySet<Person> { Person.objects.order { $0.id } }

    @Test func `every row comes once and in order, however large the batches are`() async throws {
        try await fill(25)
        for size in [1, 7, 25, 26, 1_000] {
            var names: [String] = []
            for try await person in ordered.stream(batch: size) { names.append(person.name) }
            #expect(names == (0..<25).map { "\($0)" }, "\(size)")
        }
        var sizes: [Int] = []
        for try await people in ordered.filter({ $0.name != "3" }).inBatches(of: 10) { sizes.append(people.count) }
        #expect(sizes == [10, 10, 4])
        for try await _ in ordered.none.stream() { Issue.record("there is no row") }
        for try await _ in ordered.filter({ $0.name == "'; DROP TABLE library_person" }).stream() {
            Issue.record("there is no such row")
        }
        await #expect(throws: ORMError.self) { for try await _ in ordered.inBatches(of: 0) {} }
    }

    @Test func `related rows come along with each batch`() async throws {
        _ = try await Shelf.make()
        var seen: [String: [String]] = [:]
        for try await book in Book.objects.selectRelated({ $0.author }).prefetch({ $0.labels }).stream(batch: 2) {
            seen[try "\(book.title) by \(book.author.loaded.name)"] = try book.labels.loaded.map(\.name)
        }
        #expect(seen == ["Swift by Ann": ["code"], "Rails by Ann": ["code", "old"], "Birds 100% _wild_ by Bob": []])
    }

    @Test func `values beside rows and in their place come in batches, too`() async throws {
        _ = try await Shelf.make()
        let books = Book.objects.order { $0.title.ascending }
        var seen: [String] = []
        for try await (book, count) in books.annotate({ $0.labels.count }).prefetch({ $0.labels }).stream(batch: 2) {
            seen.append("\(book.title) \(count) \(try book.labels.loaded.count)")
        }
        #expect(seen == ["Birds 100% _wild_ 0 0", "Rails 2 2", "Swift 1 1"])
        var sizes: [Int] = []
        for try await batch in books.annotate({ ($0.labels.count, $0.title.length()) }).filter({ $2 < 10 })
            .inBatches(of: 1)
        {
            sizes.append(batch.count)
            #expect(batch[0].2 == 5)
        }
        #expect(sizes == [1, 1])
        var pairs: [String] = []
        for try await (title, name) in books.stream(batch: 2, values: { ($0.title, $0.author.name) }) {
            pairs.append("\(title) by \(name)")
        }
        #expect(pairs == ["Birds 100% _wild_ by Bob", "Rails by Ann", "Swift by Ann"])
        var copies: [Int] = []
        for try await number in books.stream(values: { $0.copies }) { copies.append(number) }
        #expect(copies == [0, 1, 3])
        var sums: [Int] = []
        for try await (_, sum) in books.annotate({ $0.labels.count }).stream(values: { ($0.title, $1 + $0.copies) }) {
            sums.append(sum)
        }
        #expect(sums == [0, 3, 4])
        #expect(try await books.annotate { $0.labels.count }[1..<2].all().map(\.1) == [2])
        #expect(try await !books.annotate { $0.labels.count }.explain().isEmpty)
    }

    @Test func `rows may be written while others are read, which the loop does not see`() async throws {
        try await fill(20)
        var count = 0
        for try await person in ordered.stream(batch: 3) {
            count += 1
            try await Person.objects.filter { $0.id == person.id }.update { $0.nickname = "seen" }
            try await Person.objects.create(Person(name: "more"))
        }
        #expect(count == 20)
        #expect(try await Person.objects.filter { $0.nickname == "seen" }.count() == 20)
        try await transaction {
            var inside = 0
            for try await person in ordered.stream(batch: 3) {
                inside += 1
                try await Person.objects.filter { $0.id == person.id }.update { $0.nickname = "again" }
            }
            #expect(inside == 40)
        }
        #expect(try await Person.objects.filter { $0.nickname == "again" }.count() == 40)
    }

    @Test func `loops that are left early, fail or are cancelled give their connections back`() async throws {
        try await fill(50)
        let database = try Database.current
        // More loops than there are connections: each must give its own back.
        for round in 0..<30 {
            switch round % 3 {
            case 0: for try await _ in ordered.stream(batch: 5) { break }
            case 1:
                await #expect(throws: Stop.self) { for try await _ in ordered.stream(batch: 5) { throw Stop() } }
            default:
                let task = Task {
                    try await database.use {
                        for try await _ in ordered.stream(batch: 5) { withUnsafeCurrentTask { $0?.cancel() } }
                    }
                }
                await #expect(throws: (any Error).self) { try await task.value }
            }
        }
        try await transaction {
            for try await _ in ordered.stream(batch: 5) { break }
            for try await _ in ordered.stream(batch: 5) { break }
            try await Person.objects.create(Person(name: "last"))
        }
        #expect(try await Person.objects.count() == 51)
    }

    @Test func `a loop that outlives its transaction is told so`() async throws {
        try await fill(10)
        var iterator = try await transaction {
            var iterator = ordered.stream(batch: 2).makeAsyncIterator()
            let first = try await iterator.next()
            #expect(first?.name == "0")
            return iterator
        }
        #expect(try await iterator.next()?.name == "1")
        await #expect(throws: ORMError.self) { _ = try await iterator.next() }
    }
}
