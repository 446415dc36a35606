import Foundation
import MartletIO
import MartletORM
import MartletPostgreSQL
import TestPrograms
import Testing

/// A real PgBouncer that gives each transaction another server connection, two of them for all.
private final class PgBouncer {
    let folder: String
    private let leash: Int32
    private let shell: ChildProcess

    init(in front: PrivateServer) throws {
        folder = try PrivateServer.makeFolder()
        try """
        [databases]
        * = host=\(front.folder)
        [pgbouncer]
        unix_socket_dir = \(folder)
        listen_addr =
        listen_port = 6432
        auth_type = trust
        auth_file = \(folder)/users
        pool_mode = transaction
        default_pool_size = 2
        max_client_conn = 100
        logfile = \(folder)/log
        admin_users = martlet
        """.write(toFile: folder + "/ini", atomically: true, encoding: .utf8)
        try "\"martlet\" \"\"\n".write(toFile: folder + "/users", atomically: true, encoding: .utf8)
        let pipe = try MartletIO.Pipe()
        defer { close(pipe.reading) }
        leash = pipe.writing
        let script = """
            exec >/dev/null 2>&1
            PATH=$PATH:/usr/sbin pgbouncer "$1/ini" & proxy=$!
            cat >/dev/null
            kill -INT $proxy
            wait $proxy
            cd / && rm -rf "$1"
            """
        let command = PrivateServer.asServerAccount(["/bin/sh", "-c", script, "sh", folder])
        shell = try ChildProcess(
            command[0], arguments: command, environment: ProcessInfo.processInfo.environment, input: pipe.reading)
        // Its socket is there a moment before it listens.
        _ = try PrivateServer.run([
            "/bin/sh", "-c", "until \"$1\"/pg_isready -q -h \"$2\" -p 6432; do kill -0 $3 || exit 1; done", "sh",
            front.programs, folder, "\(shell.id)",
        ])
    }

    deinit { close(leash) }
}

extension PostgreSQLTests {
    @Suite struct PgBouncerTests {
        private func open(
            _ proxy: PgBouncer, _ mode: PostgreSQLConfiguration.StatementMode = .unnamed
        ) throws -> TestDatabase {
            try TestDatabase.open(models: [Person.self, Label.self, Book.self, Review.self]) {
                $0.host = proxy.folder
                $0.port = 6432
                $0.limit = 8
                $0.statementMode = mode
            }
        }

        @Test func `transactions of many tasks go through a pool of two in unnamed mode`() async throws {
            let proxy = try PgBouncer(in: PrivateServer.shared.get())
            let test = try open(proxy)
            try await test.run("CREATE TABLE t (id integer PRIMARY KEY)")
            let pids = try await withThrowingTaskGroup(of: [SQLValue?].self) { group in
                for task in 0..<8 {
                    group.addTask {
                        var pids: [SQLValue?] = []
                        for round in 0..<10 {
                            let id = Int64(task * 100 + round)
                            pids += try await test.inTransaction {
                                try await test.database.execute(Statement("INSERT INTO t VALUES ($1)", [.integer(id)]))
                                let first = try await test.value("SELECT pg_backend_pid()")
                                let stored = try await test.value("SELECT id::int8 FROM t WHERE id = $1", .integer(id))
                                #expect(stored == .integer(id))
                                // The same server for a whole transaction.
                                let last = try await test.value("SELECT pg_backend_pid()")
                                #expect(last == first)
                                return [first]
                            }
                        }
                        return pids
                    }
                }
                return try await group.reduce(into: Set<SQLValue?>()) { $0.formUnion($1) }
            }
            #expect((1...2).contains(pids.count))
            #expect(try await test.value("SELECT count(*) FROM t") == .integer(80))
            #expect(try await test.value("SELECT count(*) FROM pg_prepared_statements") == .integer(0))
            await test.backend.close()
        }

        @Test func `queries, errors, loops, copies and pipelines go through`() async throws {
            let proxy = try PgBouncer(in: PrivateServer.shared.get())
            let test = try open(proxy)
            try await test.database.use {
                for sql in LibraryDatabase.tables { try await LibraryDatabase.create(sql) }
                let shelf = try await Shelf.make()
                let books = try await Book.objects.filter { $0.author.name == "Ann" }.selectRelated { $0.author }
                    .prefetch { $0.labels }.order { $0.title.ascending }.all()
                #expect(books.map(\.title) == ["Rails", "Swift"])
                #expect(try books[0].author.loaded.name == "Ann")
                let error = await #expect(throws: DatabaseError.self) {
                    try await Label.objects.create(Label(name: "code"))
                }
                #expect(error?.kind == .uniqueViolation && error?.columns == ["library_label.name"])
                var names: [String] = []
                let statement = Statement("SELECT name FROM library_person WHERE id > $1 ORDER BY id", [.integer(0)])
                for try await batch in test.database.batches(of: 1, statement, decode: { try $0.text(at: 0) }) {
                    names += batch
                }
                #expect(names == [shelf.ann.name, shelf.bob.name])
                try await Label.objects.createMany((0..<1_200).map { Label(name: "label \($0)") })
                #expect(try await Label.objects.count() == 1_202)
                let results = try await test.database.pipeline([
                    Statement("UPDATE library_person SET name = $1 WHERE id = $2", [.text("X"), .integer(0)]),
                    Statement("UPDATE nothing SET name = 'x'"),
                    Statement("UPDATE library_person SET nickname = $1", [.text("all")]),
                ])
                #expect(try results[0].get().changedRows == 0)
                #expect(throws: DatabaseError.self) { try results[1].get() }
                #expect(try results[2].get().changedRows == 2)
            }
            await test.backend.close()
        }

        @Test func `a cancelled task ends its statement behind the proxy`() async throws {
            let proxy = try PgBouncer(in: PrivateServer.shared.get())
            let test = try open(proxy)
            let task = Task { try await test.value("SELECT count(*) FROM pg_sleep(600)") }
            let sleeping = """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event = 'PgSleep'
                """
            while try await test.value(sleeping) != .integer(1) { await Task.yield() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await test.value(sleeping) == .integer(0))
            await test.backend.close()
        }

        /// PgBouncer follows prepared statements from one server connection to another since 1.21.
        private static var followsPreparedStatements: Bool {
            guard
                let said = try? Program.runBlocking("/bin/sh", ["-c", "PATH=$PATH:/usr/sbin pgbouncer --version"])
                    .output,
                let version = said.firstMatch(of: /PgBouncer (\d+)\.(\d+)/),
                let major = Int(version.1), let minor = Int(version.2)
            else { return false }
            return (major, minor) >= (1, 21)
        }

        @Test(.enabled(if: followsPreparedStatements, "PgBouncer here is older than 1.21"))
        func `prepared statements go through a PgBouncer that follows them`() async throws {
            let proxy = try PgBouncer(in: PrivateServer.shared.get())
            let test = try open(proxy, .named)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in Int64(0)..<200 {
                    group.addTask {
                        let value = try await test.value("SELECT $1::int8", .integer(number))
                        #expect(value == .integer(number))
                    }
                }
                try await group.waitForAll()
            }
            await test.backend.close()
        }
    }
}
