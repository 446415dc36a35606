import FoundationEssentials
import MartletORM
import Synchronization
import Testing

/// Transactions whose tasks do not keep to them.
@Suite(.library) struct TransactionEdgeTests {
    private struct Stop: Error {}

    private final class Notes: Sendable {
        private let items = Mutex<[String]>([])
        var all: [String] { items.withLock { $0 } }
        func add(_ item: String) { items.withLock { $0.append(item) } }
    }

    private var names: [String] {
        get async throws { try await Person.objects.order { $0.id.ascending }.all().map(\.name) }
    }

    private func add(_ name: String) async throws {
        try await Person.objects.create(Person(name: name))
    }

    @Test func `nested transactions of two tasks at once are refused, and nothing of them stays`() async throws {
        let entered = AsyncStream.makeStream(of: Void.self)
        let refused = AsyncStream.makeStream(of: Void.self)
        try await transaction {
            async let first: Void = transaction {
                entered.continuation.finish()
                for await _ in refused.stream {}
                try await add("first")
            }
            for await _ in entered.stream {}
            let error = await #expect(throws: ORMError.self) { try await transaction { try await add("second") } }
            #expect(error?.description.hasPrefix("Two tasks have a nested transaction open") == true)
            refused.continuation.finish()
            try await first
            try await transaction { try await add("third") }
        }
        #expect(try await names == ["first", "third"])
    }

    @Test func `transactions nest as deep as they are written`() async throws {
        try await transaction {
            try await add("1")
            try? await transaction {
                try await add("2")
                try await transaction {
                    try await add("3")
                    try? await transaction {
                        try await add("4")
                        throw Stop()
                    }
                }
                #expect(try await names == ["1", "2", "3"])
                throw Stop()
            }
            #expect(try await names == ["1"])
            try await transaction { try await transaction { try await add("5") } }
        }
        #expect(try await names == ["1", "5"])
    }

    @Test func `a hook of a task that outlived its transaction runs`() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        let done = AsyncStream.makeStream(of: String.self)
        let late = try await transaction {
            Task {
                for await _ in gate.stream {}
                afterCommit { done.continuation.yield("ran") }
            }
        }
        gate.continuation.finish()
        await late.value
        var iterator = done.stream.makeAsyncIterator()
        #expect(await iterator.next() == "ran")
    }

    @Test func `a nested transaction that outlives the outer one fails without harm`() async throws {
        let started = AsyncStream.makeStream(of: Void.self)
        let gate = AsyncStream.makeStream(of: Void.self)
        let notes = Notes()
        let late = try await transaction {
            afterCommit { notes.add("outer") }
            afterCommit { notes.add("second") }
            let late = Task {
                try await transaction {
                    afterCommit { notes.add("late") }
                    started.continuation.finish()
                    for await _ in gate.stream {}
                    throw Stop()
                }
            }
            for await _ in started.stream {}
            return late
        }
        gate.continuation.finish()
        await #expect(throws: (any Error).self) { try await late.value }
        #expect(notes.all == ["outer", "second", "late"])
        try await add("still works")
        #expect(try await names == ["still works"])
    }

    @Test func `a hook that throws reports its error, and what was committed stays`() async throws {
        let notes = Notes()
        await #expect(throws: Stop.self) {
            try await transaction {
                try await add("kept")
                afterCommit { notes.add("first") }
                afterCommit { throw Stop() }
            }
        }
        #expect(try await names == ["kept"])
        #expect(notes.all == ["first"])
    }

    @Test func `cancelled tasks at every point give their connection back`() async throws {
        let database = try Database.current
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let task = Task {
                        try await database.use {
                            try await transaction {
                                try await Person.objects.create(Person(name: "\(number) outer"))
                                try await transaction {
                                    try await Person.objects.create(Person(name: "\(number) inner"))
                                }
                            }
                        }
                    }
                    for _ in 0..<(number % 40) { await Task.yield() }
                    if !number.isMultiple(of: 4) { task.cancel() }
                    _ = await task.result
                }
            }
        }
        let written = try await names
        // All of a transaction or nothing of it.
        let numbers = Dictionary(grouping: written.compactMap { $0.split(separator: " ").first }, by: { $0 })
        #expect(numbers.values.allSatisfy { $0.count == 2 })
        #expect(numbers.count >= 50)
        try await transaction { try await add("last") }
        #expect(try await names.last == "last")
    }

    @Test func `tasks that outlive their transactions never write into another's`() async throws {
        let database = try Database.current
        let place = database.dialect.placeholder
        var strays: [Task<Void, any Error>] = []
        for number in 0..<100 {
            let stray = try await transaction {
                let stray = Task {
                    for _ in 0..<(number % 10) { await Task.yield() }
                    _ = try await database.execute(
                        Statement(
                            "INSERT INTO library_label (id, name) VALUES (\(place(1)), \(place(2)))",
                            [.uuid(UUID()), .text("\(number)")]))
                }
                await Task.yield()
                return stray
            }
            strays.append(stray)
            try? await transaction {
                for _ in 0..<5 { await Task.yield() }
                throw Stop()
            }
        }
        for stray in strays { try await stray.value }
        // A write that had slipped into one of the transactions that were rolled back would be gone.
        #expect(try await Label.objects.count() == 100)
    }
}
