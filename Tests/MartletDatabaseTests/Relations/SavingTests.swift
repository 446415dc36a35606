import FoundationEssentials
import MartletORM
import Testing

@Suite(.library) struct SavingTests {
    @Test func `a forced insert refuses a row that is there, a forced update one that is not`() async throws {
        var label = Label(name: "new")
        let missing = await #expect(throws: ORMError.self) { try await label.save(forcing: .update) }
        #expect(missing?.description.hasPrefix("No row has the id of this Label") == true)
        #expect(try await Label.objects.count() == 0)
        try await label.save(forcing: .insert)
        let twice = await #expect(throws: DatabaseError.self) { try await label.save(forcing: .insert) }
        #expect(twice?.kind == .uniqueViolation)
        label.name = "other"
        try await label.save(forcing: .update)
        #expect(try await Label.objects.get().name == "other")
    }

    @Test func `some columns are saved and others left alone`() async throws {
        let shelf = try await Shelf.make()
        var book = shelf.swift
        book.title = "Swift 6"
        book.copies = 99
        book.editor = nil
        let log = StatementLog()
        try await log.observing { try await book.save(updating: \.title, \.editor) }
        #expect(log.statements.count == 1)
        #expect(log.statements.first?.sql.contains("copies") == false)
        var stored = try await Book.objects.get { $0.id == book.id }
        #expect(stored.title == "Swift 6" && stored.copies == 3 && stored.editor == nil)
        #expect(stored.updatedAt == shelf.swift.updatedAt)
        try await book.save(updating: \.updatedAt)
        stored = try await Book.objects.get { $0.id == book.id }
        #expect(stored.updatedAt == book.updatedAt && stored.updatedAt > shelf.swift.updatedAt)
    }

    @Test func `saving columns of a row that is gone, or of none, is refused`() async throws {
        let shelf = try await Shelf.make()
        var book = shelf.birds
        try await book.delete()
        let gone = await #expect(throws: ORMError.self) { try await book.save(updating: \.title) }
        #expect(gone?.description.hasPrefix("No row has the id of this Book") == true)
        for save in [
            {
                var book = shelf.swift; try await book.save(updating: \.id)
            },
            {
                var book = shelf.swift; try await book.save(updating: \.labels)
            },
            {
                var book = shelf.swift; try await book.refresh(\.reviews)
            },
        ] as [@Sendable () async throws -> Void] {
            let error = await #expect(throws: ORMError.self) { try await save() }
            #expect(error?.description.contains("is not a column of Book that can be written or read alone") == true)
        }
    }

    @Test func `a row is read again, wholly or in part`() async throws {
        let shelf = try await Shelf.make()
        var book = try await Book.objects.selectRelated { $0.author }.get { $0.id == shelf.swift.id }
        try await Book.objects.filter { $0.id == shelf.swift.id }.update {
            $0.title = "Changed"
            $0.copies = 7
            $0.author = ForeignKey(shelf.bob)
        }
        try await book.refresh(\.copies)
        #expect(book.copies == 7 && book.title == "Swift")
        #expect(try book.author.loaded.name == "Ann")
        try await book.refresh(\.author, \.title)
        #expect(book.author.id == shelf.bob.id && !book.author.isLoaded && book.title == "Changed")
        book.title = "unsaved"
        try await book.refresh()
        #expect(book.title == "Changed" && !book.author.isLoaded)
        try await book.delete()
        for refresh in [
            {
                var book = shelf.swift; try await book.refresh()
            },
            {
                var book = shelf.swift; try await book.refresh(\.title)
            },
        ] as [@Sendable () async throws -> Void] {
            let error = await #expect(throws: ORMError.self) { try await refresh() }
            #expect(error?.description.hasPrefix("No Book matches") == true)
        }
    }

    @Test func `a reference to a row that is not saved is refused before the database is asked`() async throws {
        let log = StatementLog()
        let error = await log.observing {
            await #expect(throws: ORMError.self) {
                try await Book.objects.create(Book(title: "Early", author: ForeignKey(Person(name: "Later"))))
            }
        }
        #expect(error?.description.hasPrefix("'Book.author' refers to a row that has no id yet.") == true)
        #expect(log.statements.isEmpty)
        let deleted = await #expect(throws: ORMError.self) { try await Person(name: "None").delete() }
        #expect(deleted?.description.contains("has no id") == true)
    }
}
