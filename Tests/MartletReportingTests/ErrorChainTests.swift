import MartletReporting
import Testing

@Suite struct ErrorChainTests {
    struct Inner: Error {}
    struct Outer: Error { let cause: (any Error)? }
    enum Wrapping: Error {
        case first(Inner)
        case labelled(underlying: Outer)
        case plain(String)
    }
    struct Loop: Error {
        let cause: any Error
        init(_ depth: Int) { cause = depth == 0 ? Inner() : Loop(depth - 1) }
    }

    static let cases: [(any Error, [String])] = [
        (Inner(), ["Inner"]), (Outer(cause: nil), ["Outer"]), (Outer(cause: Inner()), ["Outer", "Inner"]),
        (Wrapping.first(Inner()), ["Wrapping", "Inner"]), (Wrapping.plain("x"), ["Wrapping"]),
        (Wrapping.labelled(underlying: Outer(cause: Inner())), ["Wrapping", "Outer", "Inner"]),
        (Loop(50), Array(repeating: "Loop", count: 10)),
    ]

    @Test func `an error is followed to what has caused it`() {
        for (error, types) in Self.cases {
            let names = ErrorChain(error).links.map { $0.type.split(separator: ".").last.map(String.init) }
            #expect(names == types)
        }
    }
}
