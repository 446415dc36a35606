import Glibc
import MartletHTTP
import MartletJSON
import MartletMiddleware
import MartletRouting

let benchmarkURLs = URLs {
    path("plaintext", plaintext)
    path("cached", plaintext).cachePage(for: .seconds(3_600))
    path("json", json)
    path("process", process)
    path("upload", upload)
    path("form", uploadForm)
    path("db", oneWorld)
    path("queries", manyWorlds)
    path("updates", updatedWorlds)
    path("fortunes", fortunes)
    path("api/posts/", posts).methods(.get, .post)
}

func plaintext(_ request: Request) async throws -> Response {
    Response("Hello, World!")
}

/// Which process answers, for whoever replaces it.
func process(_ request: Request) async throws -> Response {
    Response("\(getpid())")
}

private struct Message: Encodable {
    let message: String
}

func json(_ request: Request) async throws -> Response {
    Response(content: try JSON.encode(Message(message: "Hello, World!")), contentType: .json)
}

/// Streams a body of any size to a temporary file, and answers with its size.
func upload(_ request: Request) async throws -> Response {
    let file = try await TemporaryFile.make(in: request.uploadDirectory)
    for try await chunk in request.body { try await file.write(chunk) }
    return Response("\(file.size)")
}

/// Takes a form whose files are of any size, and answers with their sizes.
func uploadForm(_ request: Request) async throws -> Response {
    let form = try await request.form()
    return Response(form.files.map { "\($0.name) \($0.file.size)" }.joined(separator: "\n"))
}
