import FoundationEssentials
import MartletJSON

/// An error as an event in Sentry's format, and its envelope.
///
/// Source: Sentry, [Event Payloads](https://develop.sentry.dev/sdk/data-model/event-payloads/),
/// [Envelopes](https://develop.sentry.dev/sdk/data-model/envelopes/).
struct SentryEvent {
    private static let textLimit = 8_192

    let id: String
    let error: any Error
    let context: ErrorContext
    let serverName: String?

    /// The envelope: a line about it, a line about its one item, the item.
    func envelope(_ dsn: SentryDSN, sentAt now: Date) throws(JSONError) -> [UInt8] {
        let payload = try JSON.object { object throws(JSONError) in try write(to: &object) }
        let header = try JSON.object { object throws(JSONError) in
            object.field("event_id", id)
            object.field("dsn", dsn.description)
            try object.field("sent_at", now)
        }
        let item = JSON.object { object in
            object.field("type", "event")
            object.field("content_type", "application/json")
            object.field("length", payload.count)
        }
        return header + [0x0A] + item + [0x0A] + payload + [0x0A]
    }

    private func write(to object: inout JSONObjectWriter) throws(JSONError) {
        object.field("event_id", id)
        try object.field("timestamp", context.date)
        object.field("platform", "other")
        object.field("level", "error")
        object.field("logger", "martlet")
        try object.field("sdk", ["name": "martlet", "version": "0.1"])
        if let serverName { object.field("server_name", serverName) }
        if let release = context.release { object.field("release", release) }
        if let environment = context.environment { object.field("environment", environment) }
        if let route = context.route { object.field("transaction", route) }
        try object.field("exception", ["values": .array(exceptions)])
        if let request = context.request { try object.field("request", Self.value(request)) }
        if let user = context.userID { try object.field("user", ["id": .string(user)]) }
        try object.field("tags", .object(tags))
        if !context.extra.isEmpty {
            let extra = context.extra.sorted { $0.key < $1.key }.map { ($0.key, Self.text($0.value)) }
            try object.field("extra", .object(JSONObject(extra)))
        }
    }

    /// The first cause first, as Sentry wants it; the error itself is the one that nobody has handled.
    private var exceptions: [JSONValue] {
        ErrorChain(error).links.enumerated().reversed().map { index, link in
            let (module, type) = Self.parts(of: link.type)
            return [
                "type": .string(type), "module": .string(module), "value": Self.text(link.message),
                "mechanism": ["type": "martlet", "handled": .bool(index > 0)],
            ]
        }
    }

    private static func parts(of type: String) -> (module: String, type: String) {
        guard let dot = type.firstIndex(of: "."), !type.hasPrefix("(") else { return ("", type) }
        return (String(type[..<dot]), String(type[type.index(after: dot)...]))
    }

    private var tags: JSONObject {
        let tags = [
            ("request_id", context.requestID), ("route", context.route), ("declared_at", context.routeDeclaration),
        ]
        return JSONObject(tags.compactMap { name, value in value.map { (name, JSONValue.string($0)) } })
    }

    private static func value(_ request: RequestSummary) -> JSONValue {
        .object(
            JSONObject([
                ("method", .string(request.method)), ("url", text(request.url)),
                ("query_string", text(request.queryString)), ("headers", pairs(request.headers)),
                ("cookies", pairs(request.cookies)), ("data", pairs(request.form)),
            ]))
    }

    private static func pairs(_ fields: [RequestSummary.Field]) -> JSONValue {
        .array(fields.map { [text($0.name), text($0.value)] })
    }

    /// Events have a size that is refused; a long value would take the others with it.
    private static func text(_ value: String) -> JSONValue {
        .string(
            value.utf8.count > textLimit ? String(decoding: value.utf8.prefix(textLimit), as: UTF8.self) + "…" : value)
    }
}
