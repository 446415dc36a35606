import MartletHTTP
import Testing

@Suite struct ByteRangeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let field: String
        var length = 100
        let ranges: ByteRanges

        var testDescription: String { "\(field) of \(length)" }
    }

    // RFC 9110 §14.1.2
    static let single = [
        Case(field: "bytes=0-0", ranges: .parts([0..<1])),
        Case(field: "bytes=0-49", ranges: .parts([0..<50])),
        Case(field: "bytes=50-", ranges: .parts([50..<100])),
        Case(field: "bytes=99-", ranges: .parts([99..<100])),
        Case(field: "bytes=0-1000", ranges: .parts([0..<100])),
        Case(field: "bytes=-1", ranges: .parts([99..<100])),
        Case(field: "bytes=-1000", ranges: .parts([0..<100])),
        Case(field: "bytes=-99999999999999999999999", ranges: .parts([0..<100])),
        Case(field: "bytes=5-99999999999999999999999", ranges: .parts([5..<100])),
        Case(field: "BYTES=1-2", ranges: .parts([1..<3])),
        Case(field: "bytes=0-9223372036854775807", ranges: .parts([0..<100])),
        Case(field: "bytes=00-01", ranges: .parts([0..<2])),
    ]

    // RFC 9110 §14.1.1: a list may have empty elements and blanks around them; §15.3.7.2: overlapping ranges may be put
    // together, and the others are sent in the order they were asked for.
    static let several = [
        Case(field: "bytes=0-0,-1", ranges: .parts([0..<1, 99..<100])),
        Case(field: "bytes=,0-0, ,\t5-6 ,", ranges: .parts([0..<1, 5..<7])),
        Case(field: "bytes=50-59,0-9", ranges: .parts([50..<60, 0..<10])),
        Case(field: "bytes=0-9,5-14", ranges: .parts([0..<15])),
        Case(field: "bytes=0-9,10-19", ranges: .parts([0..<20])),
        Case(field: "bytes=80-,5-9,0-4,-30", ranges: .parts([70..<100, 0..<10])),
        Case(field: "bytes=0-,0-,0-,0-", ranges: .parts([0..<100])),
        Case(field: "bytes=0-0,200-", ranges: .parts([0..<1])),
    ]

    // RFC 9110 §15.5.17
    static let unsatisfiable = [
        Case(field: "bytes=100-", ranges: .unsatisfiable),
        Case(field: "bytes=-0", ranges: .unsatisfiable),
        Case(field: "bytes=100-200,300-", ranges: .unsatisfiable),
        Case(field: "bytes=99999999999999999999999-", ranges: .unsatisfiable),
    ]

    // RFC 9110 §14.2: what is malformed, of another unit or too much does not count.
    static let ignored = [
        "", "bytes", "bytes=", "bytes=,", "bytes=-", "bytes=a-b", "bytes=1", "bytes=1-0", "bytes=0-0,1-0", "bytes=+1-2",
        "bytes=1-+2", "bytes=1--2", "bytes=--1", "bytes= 0 - 1", "bytes=0x1-2", "bytes=0-1;q=1", "lines=0-1", "0-1",
        "bytes:0-1", "bytes =0-1", "=0-1", "bytes=٣-4",
    ].map { Case(field: $0, ranges: .whole) }

    @Test(arguments: single + several + unsatisfiable + ignored)
    func `a Range names parts or does not count`(_ example: Case) {
        #expect(ByteRanges(example.field, of: example.length) == example.ranges)
    }

    @Test(arguments: ["bytes=0-0", "bytes=0-", "bytes=-1", "bytes=-0"])
    func `empty content is sent whole`(_ field: String) {
        #expect(ByteRanges(field, of: 0) == .whole)
    }

    @Test func `the largest length there is does not overflow`() {
        #expect(ByteRanges("bytes=0-", of: .max) == .parts([0..<Int.max]))
        #expect(ByteRanges("bytes=0-9223372036854775807", of: .max) == .parts([0..<Int.max]))
        #expect(ByteRanges("bytes=-9223372036854775807", of: .max) == .parts([0..<Int.max]))
    }

    @Test func `many ranges do not count, and no byte is sent twice`() {
        let some = (0..<ByteRanges.limit).map { "\($0 * 2)-\($0 * 2)" }
        #expect(
            ByteRanges("bytes=" + some.joined(separator: ","), of: 100) == .parts((0..<32).map { $0 * 2..<$0 * 2 + 1 }))
        #expect(ByteRanges("bytes=" + some.joined(separator: ",") + ",99-", of: 100) == .whole)
        let overlapping = [String](repeating: "0-", count: 5_000).joined(separator: ",")
        #expect(ByteRanges("bytes=" + overlapping, of: 100) == .whole)
        #expect(ByteRanges("bytes=" + String(repeating: ",", count: 30_000), of: 100) == .whole)
    }

    // RFC 9110 §14.2: only GET has ranges.
    @Test(arguments: [HTTPMethod.head, .post, .put])
    func `another method has no ranges`(_ method: HTTPMethod) throws {
        let request = try Request.make(method, headers: ["Range": "bytes=0-0"])
        #expect(request.byteRanges(of: 9, validators: Validators()) == .whole)
    }

    @Test func `two Range fields do not count`() throws {
        let request = try Request.make(headers: ["Range": "bytes=0-0", "Range": "bytes=1-1"])
        #expect(request.byteRanges(of: 9, validators: Validators()) == .whole)
    }
}
