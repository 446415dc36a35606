import FoundationEssentials
import MartletHTTP
import Testing

@Suite struct PreconditionTests {
    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let secondEarlier = "Sun, 06 Nov 1994 08:49:36 GMT"
    private static let secondLater = "Sun, 06 Nov 1994 08:49:38 GMT"

    /// The version `"a"`, changed in the middle of a second.
    private static let current = Validators(
        eTag: EntityTag("\"a\""), lastModified: Date(timeIntervalSince1970: 784_111_777.7))

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.get
        let headers: KeyValuePairs<String, String>
        var current: Validators? = PreconditionTests.current
        let outcome: PreconditionOutcome
    }

    // RFC 9110 §13.1.1
    static let ifMatch = [
        Case(testDescription: "no condition", headers: [:], outcome: .met),
        Case(testDescription: "the tag", headers: ["If-Match": "\"a\""], outcome: .met),
        Case(testDescription: "one of a list", headers: ["If-Match": "\"x\" , \"a\""], outcome: .met),
        Case(testDescription: "a comma in a tag", headers: ["If-Match": "\"x,\", \"a\""], outcome: .met),
        Case(testDescription: "another tag", headers: ["If-Match": "\"b\""], outcome: .failed),
        Case(
            testDescription: "a weak tag never names the same bytes", headers: ["If-Match": "W/\"a\""], outcome: .failed
        ),
        Case(testDescription: "anything", headers: ["If-Match": "*"], outcome: .met),
        Case(
            testDescription: "anything, and there is nothing", method: .put, headers: ["If-Match": "*"], current: nil,
            outcome: .failed),
        Case(
            testDescription: "a tag, and the content has none", headers: ["If-Match": "\"a\""], current: Validators(),
            outcome: .failed),
        Case(testDescription: "no tag", headers: ["If-Match": "a"], outcome: .failed),
        Case(testDescription: "half a tag", headers: ["If-Match": "\"a"], outcome: .failed),
        Case(testDescription: "for a change", method: .put, headers: ["If-Match": "\"b\""], outcome: .failed),
        Case(testDescription: "OPTIONS reads nothing", method: .options, headers: ["If-Match": "\"b\""], outcome: .met),
    ]

    // RFC 9110 §13.1.4
    static let ifUnmodifiedSince = [
        Case(testDescription: "not changed since", headers: ["If-Unmodified-Since": date], outcome: .met),
        Case(testDescription: "changed since", headers: ["If-Unmodified-Since": secondEarlier], outcome: .failed),
        Case(testDescription: "no date", headers: ["If-Unmodified-Since": "yesterday"], outcome: .met),
        Case(
            testDescription: "nothing to compare", headers: ["If-Unmodified-Since": secondEarlier],
            current: Validators(), outcome: .met),
        Case(
            testDescription: "does not count beside If-Match",
            headers: ["If-Match": "\"a\"", "If-Unmodified-Since": secondEarlier], outcome: .met),
    ]

    // RFC 9110 §13.1.2
    static let ifNoneMatch = [
        Case(testDescription: "the tag", headers: ["If-None-Match": "\"a\""], outcome: .notModified),
        Case(testDescription: "HEAD", method: .head, headers: ["If-None-Match": "\"a\""], outcome: .notModified),
        Case(testDescription: "weak", headers: ["If-None-Match": "\"x\", W/\"a\""], outcome: .notModified),
        Case(testDescription: "any", headers: ["If-None-Match": " * "], outcome: .notModified),
        Case(testDescription: "no tag", headers: ["If-None-Match": "a"], outcome: .met),
        Case(testDescription: "half a tag", headers: ["If-None-Match": "\"a"], outcome: .met),
        Case(testDescription: "a blank in a tag", headers: ["If-None-Match": "\"a b\", \"a\""], outcome: .met),
        Case(testDescription: "a change", method: .put, headers: ["If-None-Match": "\"a\""], outcome: .failed),
        Case(
            testDescription: "make it if there is nothing", method: .put, headers: ["If-None-Match": "*"], current: nil,
            outcome: .met),
    ]

    // RFC 9110 §13.1.3
    static let ifModifiedSince = [
        Case(testDescription: "not changed since", headers: ["If-Modified-Since": date], outcome: .notModified),
        Case(testDescription: "changed since", headers: ["If-Modified-Since": secondEarlier], outcome: .met),
        Case(testDescription: "no date", headers: ["If-Modified-Since": "yesterday"], outcome: .met),
        Case(testDescription: "only for reading", method: .post, headers: ["If-Modified-Since": date], outcome: .met),
    ]

    // RFC 9110 §13.2.2
    static let order = [
        Case(
            testDescription: "another tag beats the date",
            headers: ["If-None-Match": "\"b\"", "If-Modified-Since": date], outcome: .met),
        Case(
            testDescription: "412 comes before 304", headers: ["If-Match": "\"b\"", "If-None-Match": "\"a\""],
            outcome: .failed),
        Case(
            testDescription: "304 comes after a condition that holds",
            headers: ["If-Match": "\"a\"", "If-None-Match": "\"a\""], outcome: .notModified),
        Case(
            testDescription: "412 by date comes before 304",
            headers: ["If-Unmodified-Since": secondEarlier, "If-None-Match": "\"a\""], outcome: .failed),
    ]

    @Test(arguments: ifMatch + ifUnmodifiedSince + ifNoneMatch + ifModifiedSince + order)
    func `the conditions of a request are kept to`(_ example: Case) throws {
        let request = try Request.make(example.method, headers: example.headers)
        #expect(request.preconditionOutcome(for: example.current) == example.outcome)
    }

    // RFC 9110 §13.1.5
    @Test(arguments: [
        ("\"a\"", true), ("\"b\"", false), ("W/\"a\"", false), (date, true), (secondEarlier, false),
        (secondLater, false), ("yesterday", false), ("", false), ("\"a\", \"b\"", false),
    ])
    func `a part is only for who has the same version`(_ field: String, _ isAllowed: Bool) throws {
        let request = try Request.make(headers: ["Range": "bytes=0-0", "If-Range": field])
        #expect(request.allowsParts(of: Self.current) == isAllowed)
        #expect(request.byteRanges(of: 9, validators: Self.current) == (isAllowed ? .parts([0..<1]) : .whole))
    }

    @Test func `two If-Range fields allow no part`() throws {
        let request = try Request.make(headers: ["If-Range": "\"a\"", "If-Range": "\"a\""])
        #expect(!request.allowsParts(of: Self.current))
    }

    // RFC 9110 §8.8.3
    @Test(arguments: [
        ("\"a\"", "a", false), ("W/\"a\"", "a", true), ("\"\"", "", false), ("\"é,W/\"", "é,W/", false),
    ])
    func `an entity tag is read and written`(_ text: String, _ opaque: String, _ isWeak: Bool) throws {
        let tag = try #require(EntityTag(text))
        #expect((tag.opaque, tag.isWeak) == (opaque, isWeak))
        #expect(tag.description == text)
        #expect(EntityTag(opaque: opaque, isWeak: isWeak) == tag)
    }

    @Test(arguments: [
        "", "a", "\"", "\"a", "a\"", "\"a\"b", "w/\"a\"", "W/a", ",\"a\"", " \"a\"", "\"a b\"", "\"\u{7F}\"",
    ])
    func `what is no entity tag is refused`(_ text: String) {
        #expect(EntityTag(text) == nil)
    }

    @Test func `an entity tag cannot break out of its quotes`() {
        #expect(EntityTag(opaque: "a\"b") == nil)
        #expect(EntityTag(opaque: "a\r\nb") == nil)
    }
}
