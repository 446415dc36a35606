import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    @Suite struct NotificationTests {
        static let channels = [
            "news", "New Posts", "a\"; DROP TABLE x; --", "é💥", "%_\\", String(repeating: "x", count: 63),
        ]

        @Test(arguments: channels)
        func `messages come in their order, whatever the channel is called`(_ channel: String) async throws {
            let test = try TestDatabase.open { $0.limit = 2 }
            var messages = try test.database.notifications(on: channel).makeAsyncIterator()
            try await messages.start()
            try await test.database.notify(channel, "first")
            try await test.database.notify("other", "not for us")
            try await test.database.notify(channel)
            try await test.database.notify(channel, "'; \\ 💥")
            let payloads = [try await messages.next(), try await messages.next(), try await messages.next()]
            #expect(payloads.map { $0?.payload } == ["first", "", "'; \\ 💥"])
            #expect(payloads.allSatisfy { $0?.channel == channel && $0?.isGap == false })
            // None of the pool's connections listens.
            #expect(test.backend.gauges.open <= 2)
        }

        @Test(arguments: ["", String(repeating: "x", count: 64), "a\0b"])
        func `a channel that cannot be is refused`(_ channel: String) async throws {
            let test = try TestDatabase.open()
            #expect(throws: ORMError.self) { try test.database.notifications(on: channel) }
            await #expect(throws: ORMError.self) { try await test.database.notify(channel) }
        }

        @Test func `a message in a transaction comes with its commit, and not after a rollback`() async throws {
            struct Stop: Error {}
            let test = try TestDatabase.open { $0.limit = 2 }
            var messages = try test.database.notifications(on: "news").makeAsyncIterator()
            try await messages.start()
            try? await test.inTransaction {
                try await test.database.notify("news", "undone")
                throw Stop()
            }
            try await test.inTransaction { try await test.database.notify("news", "done") }
            #expect(try await messages.next()?.payload == "done")
        }

        @Test func `a cancelled loop ends, and the server has no listener left`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            let listening = """
                SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            let task = Task {
                var seen: [String] = []
                for try await message in try test.database.notifications(on: "news") { seen.append(message.payload) }
                return seen
            }
            while try await test.value(listening) != .integer(1) { await Task.yield() }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            while try await test.value(listening) != .integer(0) { await Task.yield() }
        }

        @Test func `a payload that is too long is an error of its sender`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            let error = await #expect(throws: DatabaseError.self) {
                try await test.database.notify("news", String(repeating: "x", count: 8_000))
            }
            #expect(error?.kind == .invalidValue)
            #expect(try await test.value("SELECT 1") == .integer(1))
        }
    }
}
