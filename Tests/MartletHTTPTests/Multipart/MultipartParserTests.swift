import MartletHTTP
import Testing

@Suite struct MultipartParserTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        var boundary = "b"
        let parts: [String]
    }

    static let forms = [
        Example(
            testDescription: "fields and a file (RFC 7578 §4)",
            body: form(field("title", "Hello"), file("photo", "filename=\"me.png\"", "PNG", type: "image/png")),
            parts: ["title=Hello", "photo[me.png image/png]=PNG"]),
        Example(testDescription: "an empty field (RFC 7578 §4.2)", body: form(field("a", "")), parts: ["a="]),
        Example(
            testDescription: "a file field in which nothing was chosen",
            body: form(file("photo", "filename=\"\"", "", type: "application/octet-stream")),
            parts: ["photo[ application/octet-stream]="]),
        Example(
            testDescription: "several files of one field (RFC 7578 §4.3)",
            body: form(file("f", "filename=\"1\"", "x"), file("f", "filename=\"2\"", "y")),
            parts: ["f[1 text/plain]=x", "f[2 text/plain]=y"]),
        Example(
            testDescription: "preamble and epilogue (RFC 2046 §5.1.1)",
            body: "This is a message\r\nof many parts.\r\n" + form(field("a", "1")) + "The end.\r\n--b\r\n",
            parts: ["a=1"]),
        Example(
            testDescription: "no line end behind the last boundary (RFC 2046 §5.1.1)",
            body: "--b\r\n\(field("a", "1"))\r\n--b--", parts: ["a=1"]),
        Example(
            testDescription: "a line end before the first boundary", body: "\r\n" + form(field("a", "1")),
            parts: ["a=1"]),
        Example(
            testDescription: "blanks behind a boundary (RFC 2046 §5.1.1, transport-padding)",
            body: "--b \t\r\n\(field("a", "1"))\r\n--b-- \r\n", parts: ["a=1"]),
        Example(
            testDescription: "a part without content and without the line end of one (RFC 2046 §5.1.1)",
            body: "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--", parts: ["a="]),
        Example(
            testDescription: "the beginning of a boundary within content",
            body: form(field("a", "x\r\n--\r\n-\r\r\n--\r\n--c"), boundary: "bcd"), boundary: "bcd",
            parts: ["a=x\r\n--\r\n-\r\r\n--\r\n--c"]),
        Example(
            testDescription: "a boundary that does not stand at the beginning of a line",
            body: form(field("a", "x--b\n--b\r--b")), parts: ["a=x--b\n--b\r--b"]),
        Example(
            testDescription: "line ends at both ends of the content", body: form(field("a", "\r\n\r\nx\r\n\r\n")),
            parts: ["a=\r\n\r\nx\r\n\r\n"]),
        Example(
            testDescription: "a name in UTF-8 (RFC 7578 §5.1)", body: form(field("größe", "ÄÖ\u{1F600}")),
            parts: ["größe=ÄÖ\u{1F600}"]),
        Example(
            testDescription: "a boundary with every kind of character, 70 of them (RFC 2046 §5.1.1)",
            body: form(field("a", "1"), boundary: longBoundary), boundary: longBoundary, parts: ["a=1"]),
        Example(
            testDescription: "a boundary of hyphens", body: form(field("a", "\r\n--"), boundary: "----"),
            boundary: "----", parts: ["a=\r\n--"]),
        Example(
            testDescription: "header names in any case, in any order, and others",
            body: form("X-Other: 1\r\ncontent-type: text/plain\r\nCONTENT-DISPOSITION: form-data;name=a\r\n\r\n1"),
            parts: ["a=1"]),
        Example(testDescription: "no part at all", body: "--b--", parts: []),
    ]

    private static let longBoundary = "0'()+_,-./:=? " + String(repeating: "aZ9", count: 18) + "=="

    @Test(arguments: forms)
    func `a form is taken apart`(_ example: Example) throws {
        let parts = try ParsedPart.parse(example.body, boundary: example.boundary)
        #expect(parts.map(\.description) == example.parts)
    }

    @Test(arguments: forms)
    func `it does not matter where a form is cut`(_ example: Example) throws {
        let bytes = Array(example.body.utf8)
        for first in bytes.indices {
            var parser = try ParsedPart.makeParser(example.boundary)
            let parts = try ParsedPart.parse([bytes[..<first], bytes[first...]], &parser)
            #expect(parts.map(\.description) == example.parts, "cut at \(first)")
        }
        for size in [1, 2, 3, 7] {
            var parser = try ParsedPart.makeParser(example.boundary)
            let starts = stride(from: 0, to: bytes.count, by: size)
            let chunks = starts.map { bytes[$0..<min($0 + size, bytes.count)] }
            let parts = try ParsedPart.parse(chunks, &parser)
            #expect(parts.map(\.description) == example.parts, "chunks of \(size)")
        }
    }

    @Test(arguments: forms.filter { !$0.parts.isEmpty })
    func `a form that breaks off is an error wherever it does`(_ example: Example) throws {
        let bytes = Array(example.body.utf8)
        let delimiter = Array("\r\n--\(example.boundary)--".utf8)
        let last = try #require(
            bytes.indices.last { bytes[$0...].starts(with: delimiter) }, "the form has a last boundary")
        for end in 0..<(last + delimiter.count) {
            var parser = try ParsedPart.makeParser(example.boundary)
            let error = try #require(throws: HTTPError.self, "cut at \(end)") {
                try ParsedPart.parse([bytes[..<end]], &parser)
            }
            #expect(error.status == .badRequest)
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        var status = HTTPStatus.badRequest
        let message: String
    }

    static let refusals = [
        Refusal(
            testDescription: "no boundary", body: "name=value",
            message: "The multipart form has no part: its boundary does not occur."),
        Refusal(
            testDescription: "another boundary, and much content", body: String(repeating: "x", count: 20_000),
            message: "The multipart form does not begin with its boundary, nor has it within 16384 bytes."),
        Refusal(
            testDescription: "text behind a boundary (RFC 2046 §5.1.1)", body: "--bx\r\n\(field("a", "1"))\r\n--b--",
            message: "The boundary behind part 0 of the form is followed by other text."),
        Refusal(
            testDescription: "a longer boundary within content (RFC 2046 §5.1.1)", body: form(field("a", "1\r\n--bc")),
            message: "The boundary behind part 1 of the form is followed by other text."),
        Refusal(
            testDescription: "one hyphen behind a boundary", body: "--b-\r\n",
            message: "The boundary behind part 0 of the form is followed by other text."),
        Refusal(
            testDescription: "a bare LF behind a boundary", body: "--b\n\(field("a", "1"))\r\n--b--",
            message: "The boundary behind part 0 of the form is followed by other text."),
        Refusal(
            testDescription: "endless blanks behind a boundary",
            body: "--b" + String(repeating: " ", count: 2_000) + "\r\n",
            message: "The boundary behind part 0 of the form is followed by other text."),
        Refusal(
            testDescription: "a bare LF in a header", body: form("Content-Disposition: form-data; name=a\n\n1"),
            message: "Part 1 of the form has a line that does not end with CR LF, or a control character in its header."
        ),
        Refusal(
            testDescription: "a bare CR in a header", body: form("Content-Disposition: form-data;\r name=a\r\n\r\n1"),
            message: "Part 1 of the form has a line that does not end with CR LF, or a control character in its header."
        ),
        Refusal(
            testDescription: "a NUL in a name", body: form(field("a\0", "1")),
            message: "Part 1 of the form has a line that does not end with CR LF, or a control character in its header."
        ),
        Refusal(
            testDescription: "no header", body: form("\r\n1"),
            message: "Part 1 of the form has no Content-Disposition, and so no name."),
        Refusal(
            testDescription: "no disposition (RFC 7578 §4.2)", body: form("Content-Type: text/plain\r\n\r\n1"),
            message: "Part 1 of the form has no Content-Disposition, and so no name."),
        Refusal(
            testDescription: "two dispositions",
            body: form("Content-Disposition: form-data; name=a\r\n" + field("b", "1")),
            message: "Part 1 of the form has a malformed Content-Disposition."),
        Refusal(
            testDescription: "another disposition (RFC 7578 §4.2)",
            body: form("Content-Disposition: attachment; name=a\r\n\r\n1"),
            message: "Part 1 of the form has the Content-Disposition 'attachment'; it must be 'form-data'."),
        Refusal(
            testDescription: "no name (RFC 7578 §4.2)", body: form("Content-Disposition: form-data\r\n\r\n1"),
            message: "Part 1 of the form has no name."),
        Refusal(
            testDescription: "a name twice",
            body: form(field("a", "1"), "Content-Disposition: form-data; name=a; name=b\r\n\r\n1"),
            message: "Part 2 of the form has a malformed Content-Disposition."),
        Refusal(
            testDescription: "a quote that is not closed",
            body: form("Content-Disposition: form-data; name=\"a\r\n\r\n1"),
            message: "Part 1 of the form has a malformed Content-Disposition."),
        Refusal(
            testDescription: "text behind a quote", body: form("Content-Disposition: form-data; name=\"a\"b\r\n\r\n1"),
            message: "Part 1 of the form has a malformed Content-Disposition."),
        Refusal(
            testDescription: "a line without a colon", body: form("Content-Disposition\r\n\r\n1"),
            message: "Part 1 of the form has a header line that is not 'name: value'."),
        Refusal(
            testDescription: "a line that goes on in the next (RFC 9112 §5.2)",
            body: form("Content-Disposition: form-data;\r\n name=a\r\n\r\n1"),
            message: "Part 1 of the form has a header line that is not 'name: value'."),
        Refusal(
            testDescription: "base64 (RFC 7578 §4.7; Django decodes it)",
            body: form("Content-Transfer-Encoding: BASE64\r\n" + field("a", "MQ==")), status: .unsupportedMediaType,
            message: "The form field 'a' is encoded as 'base64'; send it as it is, without Content-Transfer-Encoding."),
        Refusal(
            testDescription: "another charset (RFC 7578 §4.5)",
            body: form("Content-Type: text/plain; charset=\"ISO-8859-1\"\r\n" + field("a", "1")),
            status: .unsupportedMediaType, message: "The form field 'a' is in 'iso-8859-1'; send it in UTF-8."),
        Refusal(
            testDescription: "an extended file name in a charset that nobody needs (RFC 5987 §3.2)",
            body: form(file("a", "filename*=utf-16''x", "")),
            message: "Part 1 of the form has a filename* that is not percent-encoded UTF-8 or ISO-8859-1 (RFC 5987)."),
        Refusal(
            testDescription: "an extended file name that is no UTF-8",
            body: form(file("a", "filename*=utf-8''%ff", "")),
            message: "Part 1 of the form has a filename* that is not percent-encoded UTF-8 or ISO-8859-1 (RFC 5987)."),
        Refusal(
            testDescription: "too many fields", body: form(field("a", ""), field("b", ""), field("c", "")),
            message: "The form has more than 2 fields (fields)."),
        Refusal(
            testDescription: "too many files",
            body: form(file("a", "filename=x", ""), file("b", "filename=x", "")),
            message: "The form has more than 1 files (files)."),
        Refusal(
            testDescription: "a file that is too large", body: form(file("a", "filename=x", "123456")),
            status: .contentTooLarge, message: "The file 'a' is larger than 5 bytes (fileBytes)."),
        Refusal(
            testDescription: "a header that is too large",
            body: form("X: \(String(repeating: "x", count: 300))\r\n" + field("a", "1")),
            message: "Part 1 of the form has a header of more than 200 bytes (partHeaderBytes)."),
        Refusal(
            testDescription: "too many header fields", body: form("X: 1\r\nY: 1\r\nZ: 1\r\n" + field("a", "1")),
            message: "Part 1 of the form has more than 3 header fields (partHeaders)."),
        Refusal(
            testDescription: "a name that is too long", body: form(field(String(repeating: "n", count: 21), "1")),
            message: "Part 1 of the form has a name of more than 20 bytes (nameBytes)."),
    ]

    @Test(arguments: refusals)
    func `what breaks a rule is refused with the part and the rule, wherever it is cut`(_ example: Refusal) throws {
        var limits = RequestLimits()
        (limits.fields, limits.files, limits.fileBytes) = (2, 1, 5)
        (limits.partHeaderBytes, limits.partHeaders, limits.nameBytes) = (200, 3, 20)
        let bytes = Array(example.body.utf8)
        for cut in bytes.count < 1_000 ? Array(bytes.indices) : [0, 1_000] {
            var parser = try ParsedPart.makeParser("b", limits)
            let error = try #require(throws: HTTPError.self) {
                try ParsedPart.parse([bytes[..<cut], bytes[cut...]], &parser)
            }
            #expect(error.status == example.status)
            #expect(error.message == example.message)
        }
    }

    @Test func `a header that is not UTF-8 is refused`() throws {
        var parser = try ParsedPart.makeParser()
        let body = Array("--b\r\nContent-Disposition: form-data; name=\"".utf8) + [0xFF] + Array("\"\r\n\r\n".utf8)
        let error = try #require(throws: HTTPError.self) { try ParsedPart.parse([body[...]], &parser) }
        #expect(error.message == "Part 1 of the form has a header that is not UTF-8.")
    }

    static let hostileContents = [
        "\r", "\r\n", "\r\n--", "\r\r\n-", "\r\n--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "\r\n--aaaa\r\n--aaaaaaaaa",
    ]

    /// Counted, since a clock would tell of the machine.
    @Test(arguments: hostileContents, [1, 5, 64, 65_536])
    func `no content makes the search for the boundary slow`(_ unit: String, _ chunkSize: Int) throws {
        let boundary = String(repeating: "a", count: 70)
        let content = String(repeating: unit, count: 100_000 / unit.utf8.count)
        let bytes = Array(form(field("f", content), boundary: boundary).utf8)
        var parser = try ParsedPart.makeParser(boundary)
        let chunks = stride(from: 0, to: bytes.count, by: chunkSize).map {
            bytes[$0..<min($0 + chunkSize, bytes.count)]
        }
        let parts = try ParsedPart.parse(chunks, &parser)
        #expect(parts.map(\.content) == [Array(content.utf8)])
        #expect(parser.comparisons < 3 * bytes.count)
    }
}
