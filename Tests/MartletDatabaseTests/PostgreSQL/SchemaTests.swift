import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    @Suite struct SchemaTests {
        private let editor = PostgreSQLSchemaEditor()

        private var author: TableLayout {
            TableLayout(
                name: "blog_author",
                columns: [
                    ColumnLayout("id", .auto, primaryKey: true),
                    ColumnLayout("name", .char(maxLength: 20), unique: true),
                ])
        }

        private var post: TableLayout {
            TableLayout(
                name: "blog_post",
                columns: [
                    ColumnLayout("id", .uuid, primaryKey: true), ColumnLayout("title", .char(maxLength: 50)),
                    ColumnLayout("views", .positiveInteger),
                    ColumnLayout(
                        "author_id", .bigInteger, references: .init(table: "blog_author", column: "id")),
                ],
                indexes: [IndexLayout("post_title", columns: ["title"])])
        }

        private func run(_ steps: [SchemaStep], _ test: TestDatabase) async throws {
            try await editor.transaction(on: test.database, checking: []) {
                for step in steps { try await editor.run(step, on: test.database) }
            }
        }

        private func columns(_ test: TestDatabase) async throws -> [String] {
            let sql = """
                SELECT column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns
                WHERE table_name = 'blog_post' ORDER BY ordinal_position
                """
            return try await test.database.rows(Statement(sql)) { try $0.text(at: 0) }
        }

        private func constraints(_ test: TestDatabase) async throws -> [String] {
            let sql = "SELECT conname FROM pg_constraint WHERE conrelid = 'blog_post'::regclass ORDER BY conname"
            return try await test.database.rows(Statement(sql)) { try $0.text(at: 0) }
        }

        @Test func `tables have Django's types, constraints and indexes`() async throws {
            let test = try TestDatabase.open()
            try await run(editor.createTable(author) + editor.createTable(post), test)
            #expect(try await editor.tableNames(in: test.database).isSuperset(of: ["blog_author", "blog_post"]))
            #expect(
                try await columns(test) == [
                    "id uuid NO", "title character varying NO", "views integer NO", "author_id bigint NO",
                ])
            #expect(
                try await constraints(test) == [
                    "blog_post_author_id_dd7a8485_fk_blog_author_id", "blog_post_pkey", "blog_post_views_check",
                ])
            let like = try await test.value(
                "SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%varchar_pattern_ops%'")
            #expect(like.map { "\($0)".contains("blog_author_name_") } == true)
            #expect(try await test.value("INSERT INTO blog_author (name) VALUES ('Ann') RETURNING id") == .integer(1))
        }

        @Test func `a table is changed in place and back, and its rows stay`() async throws {
            let test = try TestDatabase.open()
            try await run(editor.createTable(author) + editor.createTable(post), test)
            try await test.run(
                "INSERT INTO blog_author (name) VALUES ('Ann')",
                "INSERT INTO blog_post VALUES (gen_random_uuid(), 'One', 3, 1)")
            var after = post
            after.columns[1] = ColumnLayout("headline", .text, null: true, unique: true)
            after.columns[2] = ColumnLayout("views", .bigInteger)
            after.columns[3] = ColumnLayout("author_id", .bigInteger, null: true)
            after.columns.append(ColumnLayout("state", .char(maxLength: 9)))
            after.indexes = [IndexLayout("post_state", columns: ["state", "views"])]
            let change = TableChange(
                from: post, to: after, renamedColumns: ["headline": "title"], fills: ["state": .text("it's")])
            try await run(editor.alterTable(change), test)
            #expect(
                try await columns(test) == [
                    "id uuid NO", "headline text YES", "views bigint NO", "author_id bigint YES",
                    "state character varying NO",
                ])
            #expect(try await test.value("SELECT headline || state || views FROM blog_post") == .text("Oneit's3"))
            #expect(try await constraints(test).contains { $0.hasSuffix("_uniq") })
            #expect(try await !constraints(test).contains { $0.contains("_fk_") || $0.hasSuffix("_check") })
            try await run(
                editor.alterTable(TableChange(from: after, to: post, renamedColumns: ["title": "headline"])), test)
            #expect(
                try await columns(test) == [
                    "id uuid NO", "title character varying NO", "views integer NO", "author_id bigint NO",
                ])
            #expect(try await test.value("SELECT title FROM blog_post") == .text("One"))
            #expect(try await constraints(test).filter { $0.contains("_fk_") || $0.hasSuffix("_check") }.count == 2)
        }

        @Test func `a change that fails leaves nothing behind`() async throws {
            let test = try TestDatabase.open()
            try await run(editor.createTable(author) + editor.createTable(post), test)
            try await test.run("INSERT INTO blog_author (name) VALUES ('a'), ('b')")
            var after = author
            after.columns[1] = ColumnLayout("name", .integer)
            let error = await #expect(throws: DatabaseError.self) {
                try await run(editor.dropTable(post) + editor.alterTable(TableChange(from: author, to: after)), test)
            }
            #expect(error?.kind == .invalidValue)
            #expect(try await editor.tableNames(in: test.database).contains("blog_post"))
            #expect(try await test.value("SELECT max(name) FROM blog_author") == .text("b"))
        }
    }
}
