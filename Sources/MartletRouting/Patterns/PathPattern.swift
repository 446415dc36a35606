/// A pattern such as `posts/<shortuuid:id>/`, taken apart.
struct PathPattern: Sendable {
    /// A piece of a pattern.
    enum Piece: Sendable, Hashable {
        /// Text that must stand there.
        case literal(String)
        /// `<converter:name>`.
        case parameter(converter: String, name: String)
    }

    /// Why a pattern cannot be read.
    struct Flaw: Error {
        let problem: String
        let remedy: String
    }

    let pieces: [Piece]

    /// Takes a pattern apart.
    init(parsing pattern: String) throws(Flaw) {
        if pattern.hasPrefix("/") {
            throw Flaw(
                problem: "begins with '/'",
                remedy: "Remove the slash: patterns are relative to the root or to the prefix they are included under.")
        }
        var pieces: [Piece] = []
        var rest = pattern[...]
        while let open = rest.firstIndex(where: { $0 == "<" || $0 == ">" }) {
            guard rest[open] == "<", let close = rest[open...].firstIndex(of: ">") else {
                throw Flaw(
                    problem: "has an unmatched '\(rest[open])'",
                    remedy: "Write parameters as <converter:name>.")
            }
            if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
            pieces.append(try Self.parameter(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        self.pieces = pieces
    }

    /// Reads what stands between `<` and `>`.
    private static func parameter(_ text: Substring) throws(Flaw) -> Piece {
        guard !text.contains(where: \.isWhitespace) else {
            throw Flaw(problem: "has white space in '<\(text)>'", remedy: "Remove it.")
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let (converter, name) = parts.count == 2 ? (String(parts[0]), parts[1]) : ("str", text)
        guard let first = name.first, first.isLetter || first == "_",
            name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" })
        else {
            throw Flaw(
                problem: "has a parameter '<\(text)>' whose name '\(name)' is no identifier",
                remedy: "Use letters, digits and '_', beginning with a letter.")
        }
        return .parameter(converter: converter, name: String(name))
    }
}

extension [PathPattern.Piece] {
    /// The names of the parameters, in order.
    var parameterNames: [String] {
        compactMap { piece in
            if case .parameter(_, let name) = piece { name } else { nil }
        }
    }
}
