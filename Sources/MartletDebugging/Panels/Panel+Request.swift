import MartletReporting
import MartletRouting

extension Panel {
    /// What was asked for, and which view it went to.
    static func request(_ facts: RequestFacts) -> Panel {
        let request = facts.content.request
        let name = request?.route.map { $0.name ?? "/" + $0.pattern } ?? "no route"
        return Panel(name: "request", title: "Request", summary: name) { html in
            guard let request else { return html.note("Nothing is known of the request.") }
            html.fields(nil, line(request))
            writeRoute(request, &html)
            html.fields("Query", pairs(request.summary.query))
            html.fields("Form", pairs(request.summary.form))
            html.fields("Cookies", pairs(request.summary.cookies))
            if let keys = request.sessionKeys {
                html.fields("Session", [("Keys", keys.isEmpty ? "none" : keys.joined(separator: ", "))])
            } else {
                html.note("The session was not asked for.")
            }
        }
    }

    private static func line(_ request: RecordedRequest) -> [(String, String)] {
        [
            ("Method", request.summary.method), ("Path", request.summary.path), ("URL", request.summary.url),
            ("Client", request.summary.clientAddress), ("Request id", request.id ?? "none"),
        ]
    }

    private static func writeRoute(_ request: RecordedRequest, _ html: inout HTMLText) {
        guard let route = request.route else { return html.note("No route matches the path.") }
        var fields = [
            ("Name", route.name ?? "none"), ("Pattern", "/" + route.pattern),
            ("Declared", "\(route.file):\(route.line)"),
        ]
        if let host = route.host { fields.append(("Host", host)) }
        if !route.modifiers.isEmpty { fields.append(("Modifiers", route.modifiers.joined(separator: ", "))) }
        html.fields("Route", fields)
        html.fields("Arguments of the view", request.arguments.map { ($0.name, $0.value) })
    }

    private static func pairs(_ fields: [RequestSummary.Field]) -> [(String, String)] {
        fields.map { ($0.name, $0.value) }
    }
}
