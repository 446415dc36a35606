import MartletHTTP
import MartletJSON
import MartletRouting

let benchmarkURLs = URLs {
    path("plaintext", plaintext)
    path("json", json)
    path("upload", upload)
    path("db", oneWorld)
    path("queries", manyWorlds)
    path("updates", updatedWorlds)
    path("fortunes", fortunes)
    path("api/posts/", posts).methods(.get, .post)
}

func plaintext(_ request: Request) async throws -> Response {
    Response("Hello, World!")
}

private struct Message: Encodable {
    let message: String
}

func json(_ request: Request) async throws -> Response {
    Response(content: try JSON.encode(Message(message: "Hello, World!")), contentType: .json)
}

/// Reads a body of any size without keeping it.
func upload(_ request: Request) async throws -> Response {
    var count = 0
    for try await chunk in request.body { count += chunk.count }
    return Response("\(count)")
}
