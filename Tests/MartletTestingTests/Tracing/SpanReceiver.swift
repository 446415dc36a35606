import MartletHTTP
import MartletIO
import MartletJSON
import MartletServer
import Synchronization

/// A receiver of spans on a free port of this machine, as a collector is.
final class SpanReceiver: Sendable {
    /// A request that has come.
    struct Delivery: Sendable {
        let method: HTTPMethod
        let path: String
        let headers: Headers
        let json: JSONValue

        /// The spans in it.
        var spans: [JSONValue] {
            json["resourceSpans"]?[0]?["scopeSpans"]?[0]?["spans"]?.arrayValue ?? []
        }
    }

    private let received = Mutex<[Delivery]>([])

    var deliveries: [Delivery] { received.withLock { $0 } }
    var spans: [JSONValue] { deliveries.flatMap(\.spans) }

    /// The span of a name; there must be one.
    func span(_ name: String) -> JSONValue? {
        let found = spans.filter { $0["name"]?.stringValue == name }
        return found.count == 1 ? found.first : nil
    }

    /// Runs an operation with the address of the receiver.
    func serving(status: HTTPStatus = .ok, _ operation: (String) async throws -> Void) async throws {
        var settings = ServerSettings()
        settings.port = 0
        settings.workers = 1
        settings.keepAliveGrace = .zero
        let server = Server(settings: settings) { [self] request in
            let json = try JSON.parse(try await request.body.collect())
            let delivery = Delivery(
                method: request.method, path: request.path, headers: request.headers, json: json)
            received.withLock { $0.append(delivery) }
            return Response(content: Array("{}".utf8), contentType: .json, status: status)
        }
        let address = try await server.start()
        do {
            try await operation("http://127.0.0.1:\(address.port)")
            await server.stop(grace: .seconds(5))
        } catch {
            await server.stop(grace: .zero)
            throw error
        }
    }
}

extension JSONValue {
    /// The value of a span's attribute.
    func attribute(_ name: String) -> String? {
        let pair = self["attributes"]?.arrayValue?.first { $0["key"]?.stringValue == name }
        return pair?["value"]?["stringValue"]?.stringValue ?? pair?["value"]?["intValue"]?.stringValue
    }
}
