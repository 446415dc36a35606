import MartletHTTP
import Testing

@Suite struct HeadersTests {
    @Test(arguments: ["a\r\nSet-Cookie: x=1", "a\nb", "a\rb", "a\0b", "\u{7F}"])
    func `a value with a control character is refused where it is set`(_ value: String) {
        var headers = Headers()
        #expect(throws: HeaderError.illegalValue(name: .location)) { try headers.set(.location, value) }
        #expect(throws: HeaderError.illegalValue(name: .location)) { try headers.add(.location, value) }
        #expect(headers.isEmpty)
    }

    @Test func `names are compared without regard to case`() throws {
        let headers = try Headers(["content-TYPE": "text/html"])
        #expect(headers[.contentType] == "text/html")
    }

    @Test func `set replaces every field of the name and add keeps them`() throws {
        var headers = try Headers(["Vary": "A", "X-B": "1", "vary": "C"])
        #expect(headers.values(.vary) == ["A", "C"])
        try headers.set(.vary, "D")
        #expect(headers.values(.vary) == ["D"])
        #expect(headers.count == 2)
    }

    @Test func `a name appears once in Vary`() throws {
        var headers = try Headers(["Vary": "Accept, cookie"])
        headers.addVary(.cookie, .origin)
        #expect(headers[.vary] == "Accept, cookie, Origin")
    }
}
