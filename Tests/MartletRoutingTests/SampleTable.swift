import FoundationEssentials
import MartletHTTP

@testable import MartletRouting

/// A random table, as ``URLs`` and for the linear matcher.
struct SampleTable {
    private(set) var urls = URLs {}
    private(set) var linear = LinearMatcher(entries: [])
    private var routeCount = 0
    private var nameCount = 0

    private static let converters: [PathConverter] = [.str, .int, .slug, .path, .str, .int, .slug, .uuid]
    private static let uuid = "39da9369-838e-4750-91a5-f7805cd82839"
    private static let literals = ["a", "b", "1", "12", "a/", "/", "a-", "é", "ab/", "b/a/", "-", "", "e"]
    private static let parts = literals + ["a", "2", "99999999999999999999", "x/y", "-", "é/", uuid]
    private static let hosts = ["a.x", "b.x", "12.x", "x", "a.b.x", "y"]

    init(using random: inout SplitMix) {
        var routes: [Route] = []
        var entries: [LinearMatcher.Entry] = []
        for _ in 0..<(Int.random(in: 0..<4, using: &random) == 0 ? 2 : 0) {
            let pattern = LinearMatcher.HostForm.all.randomElement(using: &random) ?? .exact("y")
            let inner = table(depth: 1, prefix: pattern.types, room: 3, using: &random)
            routes.append(host(pattern.text, URLs { inner.0 }))
            entries.append(.host(pattern, inner.1))
        }
        let place = Int.random(in: 0...routes.count, using: &random)
        let rest = table(depth: 0, prefix: [], room: 4, using: &random)
        routes.insert(contentsOf: rest.0, at: place)
        entries.insert(contentsOf: rest.1, at: place)
        urls = URLs { routes }
        linear = LinearMatcher(entries: entries)
    }

    private mutating func table(
        depth: Int, prefix: [any PathParameter.Type], room: Int, using random: inout SplitMix
    ) -> ([Route], [LinearMatcher.Entry]) {
        var routes: [Route] = []
        var entries: [LinearMatcher.Entry] = []
        for _ in 0..<Int.random(in: 1...room, using: &random) {
            let kind = Int.random(in: 0..<8, using: &random)
            if kind == 0 {
                let sample = SampleRegex.all[Int.random(in: 0..<SampleRegex.all.count, using: &random)]
                routeCount += 1
                let types = prefix + Array(repeating: String?.self as any PathParameter.Type, count: sample.captures)
                routes.append(sample.route(routeCount, types))
                entries.append(.regex(id: routeCount, sample.matcher))
                continue
            }
            let (pattern, pieces) = pattern(parameters: min(2, 3 - prefix.count), using: &random)
            let types = prefix + pieces.types
            if kind <= 2, depth < 2 {
                let inner = table(depth: depth + 1, prefix: types, room: 4, using: &random)
                routes.append(include(pattern, URLs { inner.0 }))
                entries.append(.include(pieces, inner.1))
            } else {
                routeCount += 1
                routes.append(SampleView(types).route(pattern, routeCount))
                entries.append(.route(id: routeCount, pieces))
            }
        }
        return (routes, entries)
    }

    private mutating func pattern(
        parameters: Int, using random: inout SplitMix
    ) -> (String, [LinearMatcher.Piece]) {
        var pattern = ""
        var pieces: [LinearMatcher.Piece] = []
        var room = parameters
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            if room > 0, Bool.random(using: &random) {
                let converter = Self.converters.randomElement(using: &random) ?? .str
                nameCount += 1
                pattern += "<\(converter.name):p\(nameCount)>"
                pieces.append(.parameter(converter))
                room -= 1
            } else {
                var literal = Self.literals.randomElement(using: &random) ?? ""
                // Patterns that begin with a slash are refused.
                if pattern.isEmpty, literal.hasPrefix("/") { literal = "a" }
                pattern += literal
                pieces.append(.literal(literal))
            }
        }
        return (pattern, pieces)
    }

    /// Paths made of what the patterns are made of, so that many match.
    func randomPath(using random: inout SplitMix) -> String {
        (0..<Int.random(in: 0...6, using: &random)).reduce("/") { path, _ in
            path + (Self.parts.randomElement(using: &random) ?? "")
        }
    }

    func randomHost(using random: inout SplitMix) -> RequestHost? {
        Self.hosts.randomElement(using: &random).flatMap { RequestHost($0) }
    }
}

/// An expression for samples.
struct SampleRegex: Sendable {
    let captures: Int
    let text: String
    /// The route of this number, whose view takes these types.
    let route: @Sendable (Int, [any PathParameter.Type]) -> Route
    /// The same for the linear matcher: the captures of a text that matches.
    let matcher: @Sendable (String) -> [String]?

    private init<Output>(_ captures: Int, _ regex: @escaping @Sendable () -> Regex<Output>) {
        self.captures = captures
        let pattern = RegexPattern(regex, reverse: nil)
        text = pattern.text
        route = { number, types in SampleView(types).route(pattern, number) }
        matcher = { text in
            pattern.match(text[...])?.map { range in range.map { String(text[$0]) } ?? "" }
        }
    }

    static let all: [SampleRegex] = [
        SampleRegex(0) { /[ab]+\/?/ },
        SampleRegex(1) { /([a-z]+)\/.*/ },
        SampleRegex(2) { /([0-9]+)-?(.*)/ },
        SampleRegex(1) { /(a)?b?\/?/ },
        SampleRegex(1) { /a\/(.+)\/a.*/ },
        SampleRegex(0) { /é?/ },
    ]
}

/// A view that takes some types, and answers with their texts.
struct SampleView {
    private let types: [any PathParameter.Type]

    init(_ types: [any PathParameter.Type]) {
        self.types = types
    }

    func route(_ pattern: String, _ number: Int) -> Route {
        Self.grow(Self.untyped, types[...], PathMaker(pattern: pattern, number: number))
    }

    /// One expression for all tables, since making it costs more than all else in a table.
    func route(_ regex: RegexPattern, _ number: Int) -> Route {
        Self.grow(Self.untyped, types[...], RegexMaker(regex: regex, number: number))
    }

    private typealias Untyped = Typed<>
    private static let untyped = Untyped.self

    /// Makes a list of types one that the compiler knows, type by type.
    private static func grow<each Parameter: PathParameter>(
        _ view: Typed<repeat each Parameter>.Type, _ types: ArraySlice<any PathParameter.Type>, _ maker: some Maker
    ) -> Route {
        guard let next = types.first else { return maker.make(view) }
        func open<Next: PathParameter>(_ next: Next.Type) -> Route {
            grow(Typed<repeat each Parameter, Next>.self, types.dropFirst(), maker)
        }
        return open(next)
    }

    struct Typed<each Parameter: PathParameter> {
        @Sendable static func respond(_ request: Request, _ values: repeat each Parameter) async throws -> Response {
            var text = ""
            for value in repeat each values { text += value.pathSegment + "\u{1}" }
            return Response(text)
        }
    }

    private protocol Maker {
        func make<each Parameter: PathParameter>(_ view: Typed<repeat each Parameter>.Type) -> Route
    }

    private struct PathMaker: Maker {
        let pattern: String
        let number: Int
        func make<each Parameter: PathParameter>(_ view: Typed<repeat each Parameter>.Type) -> Route {
            path(
                pattern,
                { (request: Request, value: repeat each Parameter) in
                    try await Typed<repeat each Parameter>.respond(request, repeat each value)
                }, line: number)
        }
    }

    private struct RegexMaker: Maker {
        let regex: RegexPattern
        let number: Int
        func make<each Parameter: PathParameter>(_ view: Typed<repeat each Parameter>.Type) -> Route {
            let binding = ViewBinding { (request: Request, value: repeat each Parameter) in
                try await Typed<repeat each Parameter>.respond(request, repeat each value)
            }
            return Route(
                pattern: regex.text, name: nil, content: .regex(regex, binding), file: #fileID, line: number)
        }
    }
}

/// An `int` that remembers its digits, so that captures can be compared as text.
struct Digits: PathParameter {
    static let converters: [PathConverter] = [.int]
    let pathSegment: String
    init?(pathSegment: Substring) {
        guard Int(pathSegment: pathSegment) != nil else { return nil }
        self.pathSegment = String(pathSegment)
    }
}

extension PathConverter {
    /// The type that a sample's view takes.
    var sampleType: any PathParameter.Type {
        switch self {
        case .int: Digits.self
        case .uuid: UUID.self
        default: String.self
        }
    }
}

extension [LinearMatcher.Piece] {
    fileprivate var types: [any PathParameter.Type] {
        compactMap { piece in
            if case .parameter(let converter) = piece { converter.sampleType } else { nil }
        }
    }
}
