import MartletReporting

extension DebugReport {
    /// The request in tables: what was asked, query, form, headers, cookies; those that are empty left out.
    var requestParts: [(title: String?, fields: [(String, String)])] {
        let line = [
            ("Method", request.method), ("Path", request.path), ("URL", request.url),
            ("Client", request.clientAddress), ("Request id", requestID ?? "none"),
        ]
        let parts: [(String?, [(String, String)])] = [
            (nil, line), ("Query", Self.pairs(request.query)), ("Form", Self.pairs(request.form)),
            ("Headers", Self.pairs(request.headers)), ("Cookies", Self.pairs(request.cookies)),
        ]
        return parts.filter { !$0.1.isEmpty }.map { (title: $0.0, fields: $0.1) }
    }

    /// How many statements there were, how long they took, and how many are repeated.
    var statementSummary: String {
        let total = statements.reduce(Duration.zero) { $0 + $1.duration }
        let repeated = statements.count { $0.alike > 1 }
        let summary = "\(statements.count) statement\(statements.count == 1 ? "" : "s"), \(total.inMilliseconds) ms."
        return repeated == 0 ? summary : summary + " \(repeated) of them have the text of another one."
    }

    private static func pairs(_ fields: [RequestSummary.Field]) -> [(String, String)] {
        fields.map { ($0.name, $0.value) }
    }
}

extension Duration {
    /// Milliseconds with two digits behind the point.
    var inMilliseconds: String {
        let (seconds, attoseconds) = components
        let hundredths = seconds * 100_000 + attoseconds / 10_000_000_000_000
        let digits = hundredths % 100
        return "\(hundredths / 100).\(digits < 10 ? "0" : "")\(digits)"
    }
}
