import MartletORM
import Testing

/// `selectForUpdate`, which is PostgreSQL's affair: SQLite has one writer.
@Suite(.library) struct LockingTests {
    private var isPostgreSQL: Bool {
        get throws { try Database.current.dialect.name == "postgresql" }
    }

    private func tail(_ query: QuerySet<Book>) async throws -> String {
        let log = StatementLog()
        try await log.observing { try await transaction { _ = try await query.all() } }
        let sql = log.statements.map(\.sql).first { $0.hasPrefix("SELECT") } ?? ""
        return sql.firstRange(of: " FOR ").map { String(sql[$0.lowerBound...]) } ?? ""
    }

    @Test func `each way to lock is written as the database knows it`() async throws {
        let books = Book.objects
        let expected: [(QuerySet<Book>, String)] = [
            (books.selectForUpdate(), #" FOR UPDATE OF "library_book""#),
            (books.selectForUpdate(skipLocked: true), #" FOR UPDATE OF "library_book" SKIP LOCKED"#),
            (books.selectForUpdate(noWait: true), #" FOR UPDATE OF "library_book" NOWAIT"#),
            (books.selectForUpdate(noKey: true), #" FOR NO KEY UPDATE OF "library_book""#),
            (books.selectForUpdate().limit(1), #" FOR UPDATE OF "library_book""#),
            // The editor may be missing, and PostgreSQL refuses to lock what may be.
            (
                books.selectForUpdate().selectRelated { $0.author }.selectRelated { $0.editor },
                #" FOR UPDATE OF "library_book", "T1""#
            ),
            (books.selectForUpdate(of: { [$0.author] }), #" FOR UPDATE OF "T1""#),
            (
                books.selectForUpdate(noWait: true, of: { [$0, $0.author] }).selectRelated { $0.author },
                #" FOR UPDATE OF "library_book", "T1" NOWAIT"#
            ),
        ]
        for (query, sql) in expected { #expect(try await tail(query) == (isPostgreSQL ? sql : "")) }
    }

    @Test func `a lock that would hold nothing is refused on every database`() async throws {
        let outside = await #expect(throws: ORMError.self) { _ = try await Book.objects.selectForUpdate().all() }
        #expect(outside?.description.hasPrefix("selectForUpdate locks rows until the end of the transaction") == true)
        await #expect(throws: ORMError.self) {
            let _: [String] = try await Book.objects.selectForUpdate().values { $0.title }
        }
        try await transaction {
            await #expect(throws: ORMError.self) {
                _ = try await Book.objects.selectForUpdate(skipLocked: true, noWait: true).all()
            }
            await #expect(throws: ORMError.self) {
                _ = try await Book.objects.selectForUpdate(of: { [$0.editor] }).all()
            }
            await #expect(throws: ORMError.self) {
                _ = try await Book.objects.selectForUpdate(of: { [$0.labels] }).all()
            }
            if try isPostgreSQL {
                await #expect(throws: ORMError.self) { _ = try await Book.objects.selectForUpdate().distinct().all() }
            }
        }
    }

    @Test func `a row that is locked is left out or refused, and counting takes no lock`() async throws {
        guard try isPostgreSQL else { return }
        let shelf = try await Shelf.make()
        let database = try Database.current
        try await transaction {
            _ = try await Book.objects.selectForUpdate().get { $0.id == shelf.swift.id }
            try await Task.detached {
                try await database.use {
                    try await transaction {
                        let free = try await Book.objects.selectForUpdate(skipLocked: true).order { $0.title }.all()
                        #expect(free.map(\.title) == ["Birds 100% _wild_", "Rails"])
                        #expect(try await Book.objects.selectForUpdate(noWait: true).count() == 3)
                    }
                    let busy = await #expect(throws: DatabaseError.self) {
                        try await transaction { _ = try await Book.objects.selectForUpdate(noWait: true).all() }
                    }
                    #expect(busy?.kind == .busy)
                }
            }.value
        }
    }
}
