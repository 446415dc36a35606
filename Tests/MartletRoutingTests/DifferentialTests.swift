import FoundationEssentials
import MartletHTTP
import Testing

@testable import MartletRouting

/// The trie against the linear matcher, on random tables and random paths.
@Suite struct DifferentialTests {
    @Test(arguments: 0..<8)
    func `the trie finds what a linear search finds, with the same captures`(_ seed: UInt64) async throws {
        var random = SplitMix(seed: seed &* 7_919 &+ 1)
        for _ in 0..<250 {
            let sample = SampleTable(using: &random)
            let table = RouteTable(compiling: sample.urls)
            for _ in 0..<24 {
                let path = sample.randomPath(using: &random)
                let expected = sample.linear.match(path)
                let found = try await Self.found(table, path)
                #expect(found == expected, "\(path) in \(table.routes.map(\.pattern))")
            }
        }
    }

    @Test(arguments: 0..<4)
    func `a route that is called shadowed never wins`(_ seed: UInt64) async throws {
        var random = SplitMix(seed: seed &+ 400)
        var claims = 0
        for _ in 0..<150 {
            let sample = SampleTable(using: &random)
            let table = RouteTable(compiling: sample.urls)
            let shadowed = Set(table.problems.filter { $0.id == "urls.E007" }.map(\.line))
            claims += shadowed.count
            for _ in 0..<40 {
                let path = sample.randomPath(using: &random)
                if let winner = sample.linear.match(path) {
                    #expect(!shadowed.contains(winner.id), "\(path) in \(table.routes.map(\.pattern))")
                }
            }
        }
        #expect(claims > 100)
    }

    /// The route's number and captures, which the sample's views give back as text.
    private static func found(_ table: RouteTable, _ path: String) async throws -> LinearMatcher.Found? {
        guard let match = table.match(path) else { return nil }
        let response = try await match.handler(.get(path))
        let captures = String(decoding: try await response.body.collect(), as: UTF8.self)
        let parts = captures.split(separator: "\u{1}", omittingEmptySubsequences: false).map(String.init)
        return LinearMatcher.Found(id: match.info.line, captures: parts.dropLast())
    }
}

/// A random table, as ``URLs`` and for the linear matcher.
private struct SampleTable {
    private(set) var urls = URLs {}
    private(set) var linear = LinearMatcher(entries: [])
    private var count = 0

    private static let converters: [PathConverter] = [.str, .int, .slug, .path, .str, .int, .slug]
    private static let literals = ["a", "b", "1", "12", "a/", "/", "a-", "é", "ab/", "b/a/", "-", "", "e"]

    init(using random: inout SplitMix) {
        let (routes, entries) = table(depth: 0, prefix: [], using: &random)
        urls = URLs { routes }
        linear = LinearMatcher(entries: entries)
    }

    private mutating func table(
        depth: Int, prefix: [PathConverter], using random: inout SplitMix
    ) -> ([Route], [LinearMatcher.Entry]) {
        var routes: [Route] = []
        var entries: [LinearMatcher.Entry] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let isInclude = depth < 2 && Int.random(in: 0..<4, using: &random) == 0
            let (pattern, pieces) = pattern(room: min(2, 3 - prefix.count), using: &random)
            let converters = prefix + pieces.converters
            if isInclude {
                let inner = table(depth: depth + 1, prefix: converters, using: &random)
                routes.append(include(pattern, URLs { inner.0 }))
                entries.append(.include(pieces, inner.1))
            } else {
                count += 1
                routes.append(Self.route(pattern, converters, id: count))
                entries.append(.route(id: count, pieces))
            }
        }
        return (routes, entries)
    }

    private mutating func pattern(room: Int, using random: inout SplitMix) -> (String, [LinearMatcher.Piece]) {
        var pattern = ""
        var pieces: [LinearMatcher.Piece] = []
        var room = room
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

    private var nameCount = 0

    /// A view takes `Int` for `int` and `String` otherwise, and answers with its arguments.
    private static func route(_ pattern: String, _ converters: [PathConverter], id: Int) -> Route {
        @Sendable func text(_ values: any PathParameter...) -> Response {
            Response(values.map { $0.pathSegment + "\u{1}" }.joined())
        }
        let isInt = converters.map { $0 == .int }
        switch isInt {
        case []: return path(pattern, { _ in Response("") }, line: id)
        case [true]: return path(pattern, { (_, a: Digits) in text(a) }, line: id)
        case [false]: return path(pattern, { (_, a: String) in text(a) }, line: id)
        case [true, true]: return path(pattern, { (_, a: Digits, b: Digits) in text(a, b) }, line: id)
        case [true, false]: return path(pattern, { (_, a: Digits, b: String) in text(a, b) }, line: id)
        case [false, true]: return path(pattern, { (_, a: String, b: Digits) in text(a, b) }, line: id)
        case [false, false]: return path(pattern, { (_, a: String, b: String) in text(a, b) }, line: id)
        case [true, true, true]:
            return path(pattern, { (_, a: Digits, b: Digits, c: Digits) in text(a, b, c) }, line: id)
        case [true, true, false]:
            return path(pattern, { (_, a: Digits, b: Digits, c: String) in text(a, b, c) }, line: id)
        case [true, false, true]:
            return path(pattern, { (_, a: Digits, b: String, c: Digits) in text(a, b, c) }, line: id)
        case [true, false, false]:
            return path(pattern, { (_, a: Digits, b: String, c: String) in text(a, b, c) }, line: id)
        case [false, true, true]:
            return path(pattern, { (_, a: String, b: Digits, c: Digits) in text(a, b, c) }, line: id)
        case [false, true, false]:
            return path(pattern, { (_, a: String, b: Digits, c: String) in text(a, b, c) }, line: id)
        case [false, false, true]:
            return path(pattern, { (_, a: String, b: String, c: Digits) in text(a, b, c) }, line: id)
        case [false, false, false]:
            return path(pattern, { (_, a: String, b: String, c: String) in text(a, b, c) }, line: id)
        // The generator above makes at most three parameters, and every pattern of three is a case.
        default: preconditionFailure("a sample has at most three parameters")
        }
    }

    /// Paths made of what the patterns are made of, so that many match.
    func randomPath(using random: inout SplitMix) -> String {
        let parts = Self.literals + ["a", "2", "99999999999999999999", "x/y", "-", "é/"]
        return (0..<Int.random(in: 0...6, using: &random)).reduce("/") { path, _ in
            path + (parts.randomElement(using: &random) ?? "")
        }
    }
}

/// An `int` that remembers its digits, so that captures can be compared as text.
private struct Digits: PathParameter {
    static let converters: [PathConverter] = [.int]
    let pathSegment: String
    init?(pathSegment: Substring) {
        guard Int(pathSegment: pathSegment) != nil else { return nil }
        self.pathSegment = String(pathSegment)
    }
}

extension [LinearMatcher.Piece] {
    fileprivate var converters: [PathConverter] {
        compactMap { piece in
            if case .parameter(let converter) = piece { converter } else { nil }
        }
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
