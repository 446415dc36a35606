import FoundationEssentials
import MartletHTTP
import Testing

@testable import MartletRouting

/// The trie against the linear matcher, on random tables and random paths.
@Suite struct DifferentialTests {
    /// 10,000 tables in all.
    @Test(arguments: 0..<8)
    func `the trie finds what a linear search finds, with the same captures`(_ seed: UInt64) async throws {
        var random = SplitMix(seed: seed &* 7_919 &+ 1)
        var matches = Matches()
        for _ in 0..<1_250 {
            let sample = SampleTable(using: &random)
            let table = RouteTable(compiling: sample.urls)
            for _ in 0..<5 {
                let path = sample.randomPath(using: &random)
                let host = sample.randomHost(using: &random)
                let expected = sample.linear.match(path, host: host)
                let match = table.match(path, host: host)
                let found = try await Self.found(match, path)
                #expect(found == expected, "\(path) on \(String(describing: host)) in \(table.routes.map(\.pattern))")
                matches.count(match?.info)
            }
        }
        // The samples are of use only if every kind of route is found often enough.
        #expect(matches.paths > 600 && matches.expressions > 150 && matches.hosts > 30, "\(matches)")
    }

    private struct Matches {
        private(set) var paths = 0
        private(set) var expressions = 0
        private(set) var hosts = 0

        mutating func count(_ route: RouteInfo?) {
            guard let route else { return }
            if route.host != nil { hosts += 1 }
            if SampleRegex.all.contains(where: { route.pattern.hasSuffix($0.text) }) {
                expressions += 1
            } else {
                paths += 1
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
            for _ in 0..<20 {
                let path = sample.randomPath(using: &random)
                let host = sample.randomHost(using: &random)
                if let winner = sample.linear.match(path, host: host) {
                    #expect(!shadowed.contains(winner.id), "\(path) in \(table.routes.map(\.pattern))")
                }
            }
        }
        #expect(claims > 25)
    }

    /// The route's number and captures, which the sample's views give back as text.
    private static func found(_ match: RouteMatch?, _ path: String) async throws -> LinearMatcher.Found? {
        guard let match else { return nil }
        let response = try await match.handler(.get(path))
        let captures = String(decoding: try await response.body.collect(), as: UTF8.self)
        let parts = captures.split(separator: "\u{1}", omittingEmptySubsequences: false).map(String.init)
        return LinearMatcher.Found(id: match.info.line, captures: parts.dropLast())
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
