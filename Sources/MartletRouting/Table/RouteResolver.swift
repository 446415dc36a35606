/// Turns the pieces of a route into elements with converters, and compares them with the view.
struct RouteResolver {
    private(set) var elements: [RouteElement] = []
    private(set) var host: HostPattern?
    private(set) var problems: [RouteProblem] = []
    /// The names of the parameters, in order.
    let parameterNames: [String]

    private let route: Route
    private let whole: RouteSurroundings
    private let types: [any PathParameter.Type]
    private let known: [String: PathConverter]
    private var parameter = 0

    init(_ route: Route, _ binding: ViewBinding, _ regex: RegexPattern?, _ whole: RouteSurroundings) {
        self.route = route
        self.whole = whole
        types = binding.parameters
        let own = types.flatMap { $0.converters }
        known = Dictionary((PathConverter.standard + own).map { ($0.name, $0) }) { standard, _ in standard }
        let named = (whole.host?.pieces ?? []) + whole.pieces
        parameterNames = named.parameterNames + (regex?.parameterNames ?? [])
        resolveHost()
        resolvePieces()
        if let regex { add(regex) }
        checkNames()
        let isKnown = regex.map { $0.captures != nil } ?? true
        if isKnown, parameterNames.count != types.count {
            problems.append(
                .wrongCount(
                    route, pattern: whole.shownPattern, names: parameterNames, types: types.map { "\($0)" }))
        }
    }

    private mutating func resolveHost() {
        guard let syntax = whole.host else { return }
        let converters = syntax.pieces.compactMap { piece -> PathConverter? in
            if case .parameter(let name, _) = piece { take(name, piece) } else { nil }
        }
        host = syntax.pattern(converters)
    }

    private mutating func resolvePieces() {
        var pieceStart = 0
        for (index, piece) in whole.pieces.enumerated() {
            if whole.cuts.contains(index) { elements.cut(after: &pieceStart) }
            switch piece {
            case .literal(let text):
                elements.append(literal: text)
            case .parameter(let name, _):
                if let converter = take(name, piece) { elements.append(.parameter(converter)) }
            }
        }
        if whole.cuts.contains(whole.pieces.count) { elements.cut(after: &pieceStart) }
    }

    /// The converter of the next parameter, compared with the type that the view takes there.
    private mutating func take(_ name: String, _ piece: PathPattern.Piece) -> PathConverter? {
        guard let converter = known[name] else {
            problems.append(.unknownConverter(route, name, known: Array(known.keys)))
            return nil
        }
        if parameter < types.count { check(piece, types[parameter]) }
        parameter += 1
        return converter
    }

    private mutating func check(_ piece: PathPattern.Piece, _ type: any PathParameter.Type) {
        guard case .parameter(let converter, let name) = piece else { return }
        let accepted = type.converters.map(\.name)
        guard !accepted.contains(converter) else { return }
        problems.append(
            .wrongType(
                route, pattern: whole.shownPattern, parameter: "<\(converter):\(name)>", type: "\(type)",
                accepts: accepted))
    }

    private mutating func add(_ regex: RegexPattern) {
        elements.append(.regex(regex))
        guard let captures = regex.captures else {
            problems.append(.unknownCaptures(route))
            return
        }
        for (index, capture) in captures.enumerated() where parameter + index < types.count {
            let type = types[parameter + index]
            if capture.isOptional, !(type is any OptionalPathParameter.Type) {
                problems.append(.optionalCapture(route, index + 1, type: "\(type)"))
            }
        }
        if let hazard = RegexHazard(regex.text).group { problems.append(.regexHazard(route, hazard)) }
        if regex.reverse == nil {
            if let name = route.name { problems.append(.irreversible(route, name)) }
        } else if let flaw = regex.reverseFlaw {
            problems.append(.badReverse(route, regex, flaw))
        }
    }

    private mutating func checkNames() {
        var seen: Set<String> = []
        for name in parameterNames where !seen.insert(name).inserted {
            problems.append(.duplicateParameter(route, name, in: whole.shownPattern))
        }
    }
}

extension [RouteElement] {
    fileprivate mutating func append(literal text: String) {
        if case .literal(let before) = last {
            self[count - 1] = .literal(before + text.utf8)
        } else {
            append(.literal(Array<UInt8>(text.utf8)))
        }
    }

    /// Ends a prefix; leaves a cut when the prefix, which begins at `start`, could match in several ways.
    fileprivate mutating func cut(after start: inout Int) {
        if self[start...].isAmbiguousPrefix { append(.cut) }
        start = count
    }
}

extension ArraySlice<RouteElement> {
    /// Whether a greedy match of the prefix differs from a shorter one that would match as well.
    fileprivate var isAmbiguousPrefix: Bool {
        indices.contains { index in
            guard case .parameter(let converter) = self[index] else { return false }
            guard converter.length.lowerBound != converter.length.upperBound else { return false }
            guard index + 1 < endIndex, case .literal(let next) = self[index + 1] else { return true }
            return next.prefix(1).contains { converter.bytes.contains($0) }
        }
    }
}
