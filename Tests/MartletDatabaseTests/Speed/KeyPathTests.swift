import MartletORM
import MartletSQLite
import Testing

private struct Rack: Model {
    var id = 0
    var room = ""
    var place = ""

    static let table = Table<Rack>(.auto(\.id), .char(\.room, maxLength: 20), .char(\.place, maxLength: 20))
}

@Suite struct KeyPathTests {
    private let database = Database(SQLiteBackend(path: "never-opened.sqlite3"))

    private func sql(of keyPath: KeyPath<Rack, String>) throws -> String {
        try Rack.objects.filter { $0[dynamicMember: keyPath] == "x" }.statement(on: database).sql
    }

    /// Another object each time.
    private func made(_ keyPath: KeyPath<Rack, String>) -> KeyPath<Rack, String> {
        (\Rack.self as KeyPath<Rack, Rack>).appending(path: keyPath)
    }

    @Test func `key paths that are made while the program runs lead to their columns, however many there are`() throws {
        let (room, place) = (try sql(of: \.room), try sql(of: \.place))
        #expect(room.hasSuffix(#""."room" = ?1"#) || room.hasSuffix(#""."room" = ?"#), "\(room)")
        #expect(room != place)
        // More than are remembered; those that are let go of may give their addresses to the next.
        var kept: [KeyPath<Rack, String>] = []
        for number in 0..<600 {
            let (first, second) = (made(\.room), made(\.place))
            #expect(try sql(of: first) == room && sql(of: second) == place)
            if number % 3 == 0 { kept += [first, second] }
        }
        for (index, keyPath) in kept.enumerated() { #expect(try sql(of: keyPath) == (index % 2 == 0 ? room : place)) }
    }

    @Test func `many tasks look up the same columns at once`() async throws {
        let room = try sql(of: \.room)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { try (0..<200).allSatisfy { _ in try sql(of: made(\.room)) == room } }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    @Test func `a query that was refined further stays as it was`() throws {
        let rooms = Rack.objects.filter { $0.room == "a" }
        let before = try rooms.statement(on: database)
        let narrow = rooms.filter { $0.place == "b" }.exclude { $0.id == 3 }
        #expect(try rooms.statement(on: database) == before)
        #expect(try narrow.statement(on: database).parameters.count == 3)
    }
}
