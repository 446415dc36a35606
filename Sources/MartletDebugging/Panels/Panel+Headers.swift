import MartletReporting

extension Panel {
    /// The fields of both heads; the server adds `Date`, `Content-Length` and `Connection` to the second.
    static func headers(_ facts: RequestFacts) -> Panel {
        let (request, response) = (facts.content.request, facts.content.response)
        let count = (request?.summary.headers.count ?? 0, response?.headers.count ?? 0)
        return Panel(name: "headers", title: "Headers", summary: "\(count.0) in, \(count.1) out") { html in
            html.fields("Request", request?.summary.headers.map { ($0.name, $0.value) } ?? [])
            html.fields("Response", response?.headers.map { ($0.name, $0.value) } ?? [])
        }
    }
}
