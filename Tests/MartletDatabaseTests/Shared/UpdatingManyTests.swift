import FoundationEssentials
import MartletORM
import Testing

@Suite(.library) struct UpdatingManyTests {
    @Test func `each row gets its own values in one statement`() async throws {
        let shelf = try await Shelf.make()
        var books = [shelf.swift, shelf.rails, shelf.birds]
        for index in books.indices {
            books[index].copies = 100 + index
            books[index].title = "not written"
            books[index].publishedOn = index == 0 ? nil : Date(timeIntervalSince1970: 86_400)
            books[index].editor = index == 1 ? ForeignKey(shelf.ann) : nil
        }
        let log = StatementLog()
        let count = try await log.observing {
            try await Book.objects.updateMany(books, fields: \.copies, \.publishedOn, \.editor)
        }
        #expect(count == 3)
        #expect(log.statements.count == 1)
        let stored = try await Book.objects.order { $0.copies.ascending }.all()
        #expect(stored.map(\.copies) == [100, 101, 102])
        #expect(stored.map(\.title) == ["Swift", "Rails", "Birds 100% _wild_"])
        #expect(stored.map(\.publishedOn?.timeIntervalSince1970) == [nil, 86_400, 86_400])
        #expect(stored.map(\.editor?.id) == [nil, shelf.ann.id, nil])
    }

    @Test func `only rows of the query are written`() async throws {
        let shelf = try await Shelf.make()
        var books = [shelf.swift, shelf.birds]
        for index in books.indices { books[index].copies = 7 }
        let query = Book.objects.filter { $0.author.name == "Ann" || $0.title == "Rails" }
        #expect(try await query.updateMany(books, fields: \.copies) == 1)
        #expect(try await Book.objects.filter { $0.copies == 7 }.all().map(\.title) == ["Swift"])
    }

    @Test func `texts, truth values and numbers of every kind are written`() async throws {
        let shelf = try await Shelf.make()
        var ann = shelf.ann
        ann.name = "it's \"Ann\"; --"
        ann.nickname = nil
        ann.isActive = false
        #expect(try await Person.objects.updateMany([ann], fields: \.name, \.nickname, \.isActive) == 1)
        let stored = try await Person.objects.get { $0.id == ann.id }
        #expect((stored.name, stored.nickname, stored.isActive) == (ann.name, nil, false))
        var swift = shelf.swift
        swift.price = 0.1
        swift.state = .draft
        #expect(try await Book.objects.updateMany([swift], fields: \.price, \.state) == 1)
        #expect(try await Book.objects.get { $0.price == 0.1 }.state == .draft)
    }

    @Test func `more rows than one statement takes are written in parts`() async throws {
        var people = try await Person.objects.createMany((0..<33_000).map { Person(name: "person \($0)") })
        for index in people.indices { people[index].name = "\(people[index].id)" }
        #expect(try await Person.objects.updateMany(people, fields: \.name) == 33_000)
        #expect(try await Person.objects.get { $0.id == people[32_999].id }.name == people[32_999].name)
    }

    @Test func `what cannot be written is refused`() async throws {
        let shelf = try await Shelf.make()
        func refusal(_ operation: () async throws -> Void) async -> String {
            await #expect(throws: ORMError.self) { try await operation() }?.description ?? ""
        }
        #expect(
            await refusal { _ = try await Book.objects.updateMany([shelf.swift], fields: \.reviews) }
                .hasPrefix("'reviews' is not a column of Book that updateMany can set."))
        #expect(
            await refusal { _ = try await Book.objects.updateMany([shelf.swift], fields: \.id) }
                .hasPrefix("'id' is not a column"))
        #expect(
            await refusal { _ = try await Person.objects.updateMany([Person(name: "new")], fields: \.name) }
                .hasPrefix("updateMany was given a Person that is not saved."))
        #expect(
            await refusal { _ = try await Person.objects.updateMany([shelf.ann, shelf.ann], fields: \.name) }
                .hasPrefix("updateMany was given the same Person twice"))
        #expect(try await Person.objects.updateMany([], fields: \.name) == 0)
    }
}
