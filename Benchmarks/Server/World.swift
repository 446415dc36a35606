import MartletHTTP
import MartletORM
import MartletREST
import Synchronization

struct World: Model {
    var id = 0
    var randomNumber = 0

    static let table = Table<World>(
        .auto(\.id),
        .integer(\.randomNumber, column: "randomnumber"),
        name: "world"
    )

    nonisolated(nonsending) static func random() async throws -> World {
        let number = RowNumbers.next()
        return try await objects.get { $0.id == number }
    }
}

private let worldSerializer = Serializer<World>(.field(\.id), .field(\.randomNumber, name: "randomNumber"))

func oneWorld(_ request: Request) async throws -> Response {
    try worldSerializer.response(try await World.random())
}

func manyWorlds(_ request: Request) async throws -> Response {
    var worlds: [World] = []
    for _ in 0..<count(request) { worlds.append(try await World.random()) }
    return Response(content: try worldSerializer.json(worlds), contentType: .json)
}

/// Reads different rows by a query each, and writes them with one statement.
func updatedWorlds(_ request: Request) async throws -> Response {
    var worlds: [Int: World] = [:]
    let count = count(request)
    while worlds.count < count {
        let number = RowNumbers.next()
        guard worlds[number] == nil else { continue }
        var world = try await World.objects.get { $0.id == number }
        world.randomNumber = RowNumbers.next()
        worlds[number] = world
    }
    let changed = Array(worlds.values)
    try await World.objects.updateMany(changed, fields: \.randomNumber)
    return Response(content: try worldSerializer.json(changed), contentType: .json)
}

/// `?queries=`, between 1 and 500; 1 when it is no number.
private func count(_ request: Request) -> Int {
    min(max(request.query["queries"].flatMap { Int($0) } ?? 1, 1), 500)
}

/// Numbers of rows, spread evenly. As in the reference program, they need not be hard to guess, and cost no system call.
private enum RowNumbers {
    private static let count = Atomic<UInt64>(0)

    /// From 1 to 10,000.
    static func next() -> Int {
        // SplitMix64: a count, mixed.
        var mixed = count.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % 10_000) + 1
    }
}
