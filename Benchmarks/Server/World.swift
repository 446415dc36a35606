import MartletHTTP
import MartletORM
import MartletREST

struct World: Model {
    var id = 0
    var randomNumber = 0

    static let table = Table<World>(
        .auto(\.id),
        .integer(\.randomNumber, column: "randomnumber"),
        name: "world"
    )

    static func random() async throws -> World {
        let number = Int.random(in: 1...10_000)
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
        let number = Int.random(in: 1...10_000)
        guard worlds[number] == nil else { continue }
        var world = try await World.objects.get { $0.id == number }
        world.randomNumber = Int.random(in: 1...10_000)
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
