import FoundationEssentials
import MartletORM
import Synchronization
import Testing

@Suite(.library) struct WritingTests {
    @Test func `save inserts what is new and updates what is there`() async throws {
        var person = Person(name: "Cleo")
        try await person.save()
        #expect(person.id == 1)
        person.name = "Cleopatra"
        try await person.save()
        #expect(try await Person.objects.all().map(\.name) == ["Cleopatra"])
        var label = Label(name: "new")
        try await label.save()
        label.name = "newer"
        try await label.save()
        #expect(try await Label.objects.all().map(\.name) == ["newer"])
    }

    @Test func `the database layer keeps the moments it was told to keep`() async throws {
        let shelf = try await Shelf.make()
        var book = shelf.swift
        let before = book
        book.createdAt = .distantPast
        try await book.save()
        let stored = try await Book.objects.get { $0.id == book.id }
        #expect(stored.createdAt == before.createdAt)
        #expect(stored.updatedAt == book.updatedAt)
        #expect(book.updatedAt > before.updatedAt)
    }

    @Test func `update sets values and expressions in one statement`() async throws {
        _ = try await Shelf.make()
        let log = StatementLog()
        let count = try await log.observing {
            try await Book.objects.filter { $0.author.name == "Ann" }.update {
                $0.copies = $0.copies + 10
                $0.state = .draft
                $0.publishedOn = nil
            }
        }
        #expect(count == 2)
        #expect(log.statements.count == 1)
        let copies: [Int] = try await Book.objects.order { $0.copies.ascending }.values { $0.copies }
        #expect(copies == [0, 11, 13])
        #expect(try await Book.objects.filter { $0.publishedOn == nil && $0.state == .draft }.count() == 3)
    }

    @Test func `a slice can be updated and deleted`() async throws {
        _ = try await Shelf.make()
        let first = Book.objects.order { $0.title.ascending }.limit(1)
        #expect(try await first.update { $0.copies = 99 } == 1)
        #expect(try await Book.objects.get { $0.copies == 99 }.title == "Birds 100% _wild_")
        #expect(try await first.delete().total == 1)
        #expect(try await Book.objects.count() == 2)
    }

    @Test func `a delete takes along what its rows own and clears what may be empty`() async throws {
        let shelf = try await Shelf.make()
        let result = try await shelf.swift.delete()
        #expect(
            result.byModel == [
                ModelName(app: "library", name: "Book"): 1, ModelName(app: "library", name: "Review"): 2,
                ModelName(app: "library", name: "Book_labels"): 1,
            ])
        #expect(try await Review.objects.count() == 1)
        #expect(try await Label.objects.count() == 2)
    }

    @Test func `a protected row is not deleted, and nothing else is either`() async throws {
        let shelf = try await Shelf.make()
        let error = await #expect(throws: ORMError.self) { try await shelf.bob.delete() }
        #expect(
            error?.description
                == "The library.Person cannot be deleted: 2 rows refer to it by 'library.Review.reader', which is protected. "
                + "Delete or change those first.")
        #expect(try await Person.objects.count() == 2)
        #expect(try await Book.objects.count() == 3)
    }

    @Test func `a reference that may be empty is cleared`() async throws {
        let shelf = try await Shelf.make()
        try await Review.objects.delete()
        try await shelf.birds.delete()
        try await shelf.bob.delete()
        #expect(try await Book.objects.get { $0.title == "Swift" }.editor == nil)
    }

    @Test func `links of a many-to-many relation are added once, removed and replaced`() async throws {
        let shelf = try await Shelf.make()
        let labels = try await Label.objects.all()
        try await shelf.swift.add(labels, to: \.labels)
        try await shelf.swift.add(labels, to: \.labels)
        #expect(try await shelf.swift.related(\.labels).all().map(\.name) == ["code", "old"])
        try await shelf.swift.remove([labels[0]], from: \.labels)
        #expect(try await shelf.swift.related(\.labels).all().map(\.name) == ["old"])
        try await shelf.swift.set([labels[0]], for: \.labels)
        #expect(try await shelf.swift.related(\.labels).all().map(\.name) == ["code"])
        try await shelf.swift.set([], for: \.labels)
        #expect(try await shelf.swift.related(\.labels).count() == 0)
        #expect(try await shelf.ann.related(\.books).count() == 2)
        #expect(try await labels[1].related(\.books).all().map(\.title) == ["Rails"])
    }

    @Test func `a required reference that is not set is refused before the database is asked`() async throws {
        let log = StatementLog()
        let error = await log.observing {
            await #expect(throws: ORMError.self) { try await Book.objects.create(Book(title: "Orphan")) }
        }
        #expect(
            error?.description == "'Book.author' is required and refers to no row. Set it before saving.")
        #expect(log.statements.isEmpty)
    }

    @Test func `broken constraints are told apart`() async throws {
        try await Label.objects.create(Label(name: "twice"))
        let unique = await #expect(throws: DatabaseError.self) {
            try await Label.objects.create(Label(name: "twice"))
        }
        #expect(unique?.kind == .uniqueViolation)
        #expect(unique?.columns == ["library_label.name"])
        let missing = await #expect(throws: DatabaseError.self) {
            try await Book.objects.create(Book(author: ForeignKey(id: 4711)))
        }
        #expect(missing?.kind == .foreignKeyViolation)
        let statement = await #expect(throws: DatabaseError.self) {
            try await Database.current.execute(Statement("SELEKT 1"))
        }
        #expect(statement?.kind == .statement)
    }

    @Test func `a value that does not fit its field is an error that names the column`() async throws {
        let shelf = try await Shelf.make()
        try await Database.current.execute(
            Statement(#"UPDATE "library_book" SET "state" = 'lost' WHERE "title" = 'Swift'"#))
        let error = await #expect(throws: DecodingProblem.self) {
            try await Book.objects.get { $0.id == shelf.swift.id }
        }
        #expect(
            error?.description
                == "Column 'state' holds 'lost', which is not one of 'draft', 'in_print'. "
                + "Correct the row, or change the field's type to what the column stores.")
    }

    @Test func `many rows are inserted with few statements`() async throws {
        let log = StatementLog()
        try await log.observing {
            _ = try await Label.objects.createMany((0..<20_000).map { Label(name: "label \($0)") })
        }
        #expect(try await Label.objects.count() == 20_000)
        // BEGIN, a statement for at least a thousand values on SQLite and one COPY on PostgreSQL, COMMIT.
        #expect(log.statements.count <= (try Database.current.dialect.name == "postgresql" ? 3 : 42))
    }
}

@Suite(.library) struct TransactionTests {
    private struct Stop: Error {}

    private var names: [String] {
        get async throws { try await Person.objects.order { $0.id.ascending }.all().map(\.name) }
    }

    @Test func `an error rolls everything back`() async throws {
        await #expect(throws: Stop.self) {
            try await transaction {
                try await Person.objects.create(Person(name: "Ann"))
                #expect(try await Person.objects.count() == 1)
                throw Stop()
            }
        }
        #expect(try await names == [])
    }

    @Test func `a transaction inside another is undone alone`() async throws {
        try await transaction {
            try await Person.objects.create(Person(name: "Ann"))
            try? await transaction {
                try await Person.objects.create(Person(name: "Bob"))
                throw Stop()
            }
            try await transaction { _ = try await Person.objects.create(Person(name: "Cleo")) }
        }
        #expect(try await names == ["Ann", "Cleo"])
    }

    @Test func `what waits for the commit runs after it, and not after a rollback`() async throws {
        let done = Box()
        try await transaction {
            try await Person.objects.create(Person(name: "Ann"))
            afterCommit { done.add("outer") }
            try? await transaction {
                afterCommit { done.add("undone") }
                throw Stop()
            }
            try await transaction { afterCommit { done.add("inner") } }
            #expect(done.items.isEmpty)
        }
        #expect(done.items == ["outer", "inner"])
        try? await transaction {
            afterCommit { done.add("never") }
            throw Stop()
        }
        #expect(done.items == ["outer", "inner"])
    }

    @Test func `what waits for the commit may write`() async throws {
        try await transaction {
            try await Person.objects.create(Person(name: "Ann"))
            afterCommit { _ = try await Person.objects.create(Person(name: "Bob")) }
        }
        #expect(try await names == ["Ann", "Bob"])
    }

    @Test func `a task that outlives its transaction goes on without it`() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let late = try await transaction {
            Task {
                for await _ in gate.stream { break }
                return try await Person.objects.create(Person(name: "Late"))
            }
        }
        try? await transaction {
            gate.continuation.finish()
            throw Stop()
        }
        _ = try await late.value
        #expect(try await names == ["Late"])
    }

    @Test func `a dangling reference is found at the commit`() async throws {
        let error = await #expect(throws: DatabaseError.self) {
            try await transaction {
                try await Book.objects.create(Book(author: ForeignKey(id: 4711)))
            }
        }
        #expect(error?.kind == .foreignKeyViolation)
        #expect(try await Book.objects.count() == 0)
        try await Person.objects.create(Person(name: "still works"))
    }

    @Test func `a cancelled transaction is rolled back and its connection lives on`() async throws {
        let database = try Database.current
        let task = Task {
            try await database.use {
                try await transaction {
                    try await Person.objects.create(Person(name: "Ann"))
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await names == [])
        try await Person.objects.create(Person(name: "Bob"))
        #expect(try await names == ["Bob"])
    }

    @Test func `writers of many tasks wait in turn`() async throws {
        let database = try Database.current
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await database.use {
                        try await transaction {
                            let count = try await Person.objects.count()
                            try await Person.objects.create(Person(name: "\(number) after \(count)"))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let counts = try await names.compactMap { $0.split(separator: " ").last.map(String.init) }
        #expect(counts.count == 50)
        // PostgreSQL lets them write at once, and each sees what was committed when it looked.
        if database.dialect.name == "sqlite" { #expect(counts == (0..<50).map(String.init)) }
    }

    @Test func `a query without a database says what to do`() async throws {
        let error = await Task.detached { await #expect(throws: ORMError.self) { try await Person.objects.all() } }
            .value
        #expect(error?.description.hasPrefix("No database is bound to this task.") == true)
    }
}

private final class Box: Sendable {
    private let values = Mutex<[String]>([])

    var items: [String] { values.withLock { $0 } }

    func add(_ item: String) { values.withLock { $0.append(item) } }
}
