import MartletHTTP
import Testing

/// Django, tests/requests_tests/test_accept_header.py
@Suite struct PreferredTypeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let accept: String
        let offered: [String]
        let preferred: String?

        init(_ accept: String, _ offered: [String], _ preferred: String?) {
            (self.accept, self.offered, self.preferred) = (accept, offered, preferred)
        }

        var testDescription: String { "'\(accept)' of \(offered)" }
    }

    private static let levels =
        "text/*;q=0.3,text/html;q=0.7,text/html;level=1,text/html;level=2;q=0.4,*/*;q=0.5"
    private static let priorities = "text/html,application/xml;q=0.9,*/*;q=0.1,text/*;q=0.5"
    private static let versions = "text/vcard; version=3.0, text/html;q=0.5"

    static let cases = [
        Case("*/*", [], nil),
        Case("*/*", ["application/json", "text/plain"], "application/json"),
        Case("", ["application/json", "text/plain"], nil),
        Case(priorities, ["text/html", "application/xml"], "text/html"),
        Case(priorities, ["application/xml", "application/json"], "application/xml"),
        Case(priorities, ["application/json"], "application/json"),
        Case(priorities, ["application/json", "text/plain"], "text/plain"),
        Case("text/html", ["application/json", "text/plain"], nil),
        Case(
            versions, ["text/vcard; version=4.0", "text/vcard; version=3.0", "text/vcard", "text/directory"],
            "text/vcard; version=3.0"),
        Case(versions, ["text/vcard; version=4.0", "text/vcard", "text/directory"], nil),
        Case(versions, ["text/vcard; version=4.0", "text/html"], "text/html"),
        Case(levels, ["text/html", "text/html; level=1"], "text/html; level=1"),
        Case(levels, ["text/html; level=2", "text/html; level=3"], "text/html; level=3"),
        Case("text/plain;q=0.5,text/html", ["text/html", "text/plain"], "text/html"),
        Case("text/*,image/jpeg", ["text/plain", "image/jpeg"], "image/jpeg"),
        Case("text/*,image/jpeg", ["text/plain", "image/png"], "text/plain"),
        Case("text/html;q=0.8, application/json;q=0.8", ["application/json", "text/html"], "text/html"),
        // RFC 9110 §12.4.2: a weight of 0 refuses what it names. Django forgets it where `*/*` stands beside it.
        Case("text/html;q=0, */*", ["text/html"], nil),
        Case("text/html;q=0, */*", ["text/html", "application/json"], "application/json"),
        // Django takes a weight that is none for 1; here such a part does not count.
        Case("text/html;q=much, application/json;q=0.1", ["text/html", "application/json"], "application/json"),
        Case("nonsense", ["text/html"], nil),
        Case("text/html;q=0.5;q=1, text/plain;q=0.7", ["text/html", "text/plain"], "text/plain"),
        Case(";;;,,,/,*/json", ["application/json"], nil),
    ]

    @Test(arguments: cases)
    func `the client's wish decides, and then the site's`(_ example: Case) throws {
        let request = try Request.make(headers: ["Accept": example.accept])
        let offered = try example.offered.map { try #require(MediaType($0)) }
        #expect(request.preferred(of: offered)?.description == example.preferred)
        for type in offered where type.description == example.preferred { #expect(request.accepts(type)) }
    }

    @Test func `a client that says nothing takes everything`() throws {
        let request = try Request.make()
        #expect(request.accepts(.json))
        #expect(request.preferred(of: [.json, .html]) == .json)
        #expect(request.preferred(of: []) == nil)
    }

    // test_quality_for_media_type_rfc9110
    @Test(arguments: [
        ("text/plain;format=flowed", 1), ("text/plain", 0.7), ("text/html", 0.3), ("image/jpeg", 0.5),
        ("text/plain;format=fixed", 0.4), ("text/html;level=3", 0.3),
    ])
    func `the most precise range gives the weight`(_ type: String, _ quality: Double) throws {
        let request = try Request.make(headers: [
            "Accept":
                "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5"
        ])
        #expect(request.accepted.quality(of: try #require(MediaType(type))) == quality)
    }
}
