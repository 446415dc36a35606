extension RegexPattern {
    /// The names of the captures: of the placeholders of `reverse`, else of the captures, else their numbers.
    var parameterNames: [String] {
        let captures = captures ?? []
        let placeholders = reversePieces?.parameterNames ?? []
        return captures.indices.map { index in
            captures[index].name ?? (placeholders.count == captures.count ? placeholders[index] : String(index + 1))
        }
    }

    /// What is wrong with `reverse`; `nil` when nothing is.
    var reverseFlaw: PathPattern.Flaw? {
        guard let reverse, let captures else { return nil }
        let pieces: [PathPattern.Piece]
        do {
            pieces = try PathPattern(parsing: reverse).pieces
        } catch {
            return error
        }
        let names = pieces.parameterNames
        let remedy = "Write one <name> for each capture, in their order, without converters."
        guard names.count == captures.count else {
            return PathPattern.Flaw(
                problem: "has \(names.count) placeholders for \(captures.count) captures", remedy: remedy)
        }
        for (name, capture) in zip(names, captures) where capture.name != nil && capture.name != name {
            return PathPattern.Flaw(
                problem: "has '<\(name)>' where the capture is called '\(capture.name ?? "")'", remedy: remedy)
        }
        return nil
    }

    /// The text with these values for the captures.
    ///
    /// - Returns: `nil` without `reverse`, and when the expression would not read the same values out of it again.
    func text(with values: ArraySlice<String>) -> String? {
        guard let pieces = reversePieces, captures?.count == values.count else { return nil }
        var rest = values
        let text = pieces.map { piece in
            switch piece {
            case .literal(let literal): literal
            case .parameter: rest.popFirst() ?? ""
            }
        }.joined()
        guard let found = match(text[...]) else { return nil }
        // A capture that may be missing has no text then.
        return found.map { $0.map { String(text[$0]) } ?? "" } == Array(values) ? text : nil
    }

    private var reversePieces: [PathPattern.Piece]? {
        reverse.flatMap { try? PathPattern(parsing: $0).pieces }
    }
}
