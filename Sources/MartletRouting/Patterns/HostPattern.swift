import MartletHTTP

/// A host such as `<slug:tenant>.example.org`, ready to be compared with those of requests.
///
/// Parameters are whole labels, so one pass over the labels decides: nothing is tried twice.
struct HostPattern: Sendable, Hashable {
    enum Label: Sendable, Hashable {
        case literal(String)
        case parameter(PathConverter)
    }

    /// The hosts below the labels.
    enum Below: Sendable, Hashable {
        case none
        /// `.example.org`.
        case alsoBelow
        /// `*.example.org`.
        case onlyBelow
    }

    /// The pattern as it is written.
    let text: String
    let labels: [Label]
    let below: Below
    let port: Int?

    /// How many parameters it has.
    var parameterCount: Int { labels.count { if case .parameter = $0 { true } else { false } } }

    /// The only name it matches; `nil` when there are several.
    var exactName: String? {
        guard below == .none, parameterCount == 0 else { return nil }
        return labels.compactMap { if case .literal(let text) = $0 { text } else { nil } }.joined(separator: ".")
    }

    /// What the parameters have matched, in order; `nil` when the host is not of this form.
    func match(_ host: RequestHost) -> [String]? {
        guard port == nil || port == host.port else { return nil }
        let name = host.name.hasSuffix(".") ? host.name.dropLast() : host.name[...]
        var rest = name.hasPrefix("[") ? [name] : name.split(separator: ".", omittingEmptySubsequences: false)
        var captures: [String] = []
        for (index, label) in labels.enumerated().reversed() {
            guard let last = rest.popLast() else { return nil }
            switch label {
            case .literal(let text):
                guard last == text else { return nil }
            case .parameter(let converter):
                let takesRest = index == 0 && converter == .path
                let value = takesRest ? (rest + [last]).joined(separator: ".") : String(last)
                guard converter.matchesWhole(value) else { return nil }
                if takesRest { rest = [] }
                captures.append(value)
            }
        }
        switch below {
        case .none: guard rest.isEmpty else { return nil }
        case .alsoBelow: break
        case .onlyBelow: guard !rest.isEmpty else { return nil }
        }
        return captures.reversed()
    }

    /// The host with these texts for its parameters.
    ///
    /// - Returns: `nil` when a converter refuses its text, what comes of it is no host, or it stands for hosts that
    ///   nobody has named (`*.example.org`).
    func host(_ values: [String]) -> RequestHost? {
        guard below != .onlyBelow else { return nil }
        var values = values[...]
        var parts: [String] = []
        for label in labels {
            switch label {
            case .literal(let text): parts.append(text)
            case .parameter(let converter):
                guard let value = values.popFirst(), converter.matchesWhole(value) else { return nil }
                parts.append(value)
            }
        }
        let host = RequestHost(parts.joined(separator: ".") + (port.map { ":\($0)" } ?? ""))
        // What a value has brought in must be matched again: a dot would make two labels of one.
        return host.flatMap { match($0) == nil ? nil : $0 }
    }
}

/// A host pattern, taken apart; which converters its parameters have, only the views know.
struct HostSyntax: Sendable {
    let text: String
    let pieces: [PathPattern.Piece]
    let below: HostPattern.Below
    let port: Int?

    init(parsing pattern: String) throws(PathPattern.Flaw) {
        text = pattern
        var rest = pattern[...]
        (rest, port) = try Self.portTaken(off: rest)
        if rest.hasPrefix("*.") {
            below = .onlyBelow
            rest = rest.dropFirst(2)
        } else if rest.hasPrefix(".") {
            below = .alsoBelow
            rest = rest.dropFirst()
        } else {
            below = .none
        }
        if rest.hasSuffix(".") { rest = rest.dropLast() }
        if below == .none, rest.hasPrefix("["), RequestHost(String(rest)) != nil {
            pieces = [.literal(rest.lowercased())]
            return
        }
        var pieces: [PathPattern.Piece] = []
        for label in rest.split(separator: ".", omittingEmptySubsequences: false) {
            pieces.append(try Self.piece(label))
        }
        self.pieces = pieces
    }

    private static func piece(_ label: Substring) throws(PathPattern.Flaw) -> PathPattern.Piece {
        let parsed = try PathPattern(parsing: String(label)).pieces
        if parsed.count == 1, case .parameter = parsed[0] { return parsed[0] }
        guard parsed.count == 1, case .literal(let text) = parsed[0], RequestHost(text) != nil, !text.contains(":")
        else {
            throw PathPattern.Flaw(
                problem: "has the label '\(label)', which no host has",
                remedy: "Write a host such as 'api.example.org'; a parameter is a whole label, as in "
                    + "'<slug:tenant>.example.org', and '*.' or '.' stand only at the beginning.")
        }
        return .literal(text.lowercased())
    }

    private static func portTaken(off text: Substring) throws(PathPattern.Flaw) -> (Substring, Int?) {
        guard let colon = text.lastIndex(of: ":"), !text[colon...].contains(where: { "]>".contains($0) }) else {
            return (text, nil)
        }
        guard let port = UInt16(text[colon...].dropFirst()) else {
            throw PathPattern.Flaw(
                problem: "has the port '\(text[colon...].dropFirst())'", remedy: "Write a number up to 65535, or none.")
        }
        return (text[..<colon], Int(port))
    }

    /// The pattern, with the converters of its parameters.
    func pattern(_ converters: [PathConverter]) -> HostPattern {
        var converters = converters[...]
        let labels = pieces.compactMap { piece -> HostPattern.Label? in
            switch piece {
            case .literal(let text): .literal(text)
            case .parameter: converters.popFirst().map(HostPattern.Label.parameter)
            }
        }
        return HostPattern(text: text, labels: labels, below: below, port: port)
    }
}
