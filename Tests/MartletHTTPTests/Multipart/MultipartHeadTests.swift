import MartletHTTP
import Testing

@Suite struct MultipartHeadTests {
    struct Name: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What stands behind `form-data; `.
        let parameters: String
        var name = "f"
        let fileName: String?
    }

    static let names = [
        Name(testDescription: "a field", parameters: "name=\"f\"", fileName: nil),
        Name(testDescription: "no quotes", parameters: "name=f; filename=a.txt", fileName: "a.txt"),
        Name(testDescription: "nothing chosen", parameters: "name=f; filename=\"\"", fileName: ""),
        Name(
            testDescription: "a semicolon and an equals sign in quotes", parameters: "name=f; filename=\"a;b=c.txt\"",
            fileName: "a;b=c.txt"),
        Name(
            testDescription: "a quote as browsers write it (HTML)", parameters: "name=\"f%22\"; filename=\"a%22b.txt\"",
            name: "f\"", fileName: "a\"b.txt"),
        Name(
            testDescription: "a line end as browsers write it (HTML)",
            parameters: "name=\"f%0D%0A\"; filename=\"a%0Ab\"",
            name: "f\r\n", fileName: "ab"),
        Name(
            testDescription: "a quote as curl once wrote it", parameters: "name=f; filename=\"a\\\"b\\\\c.txt\"",
            fileName: "c.txt"),
        Name(
            testDescription: "another percent sign stays (HTML)", parameters: "name=f; filename=\"100%25 a%20b%.txt\"",
            fileName: "100%25 a%20b%.txt"),
        Name(testDescription: "UTF-8 (RFC 7578 §5.1)", parameters: "name=f; filename=\"日本.txt\"", fileName: "日本.txt"),
        Name(
            testDescription: "an extended name (RFC 5987 §3.2.2)",
            parameters: "name=f; filename=\"x\"; filename*=UTF-8'en'na%C3%AFve%20%22.txt", fileName: "naïve \".txt"),
        Name(
            testDescription: "an extended name in Latin-1 (RFC 5987 §3.2.1)",
            parameters: "filename*=iso-8859-1''%A3.txt; name=f", fileName: "£.txt"),
        Name(
            testDescription: "an extended name with a path",
            parameters: "name=f; filename*=utf-8''..%2F..%2Fetc%2Fpasswd",
            fileName: "passwd"),
        Name(
            testDescription: "a path of Windows", parameters: "name=f; filename=\"C:\\Users\\ann\\a.txt\"",
            fileName: "a.txt"),
        Name(
            testDescription: "a path of Unix", parameters: "name=f; filename=\"../../etc/passwd\"", fileName: "passwd"),
        Name(testDescription: "both slashes", parameters: "name=f; filename=\"a/b\\\\../c\\\\d\"", fileName: "d"),
        Name(testDescription: "only dots", parameters: "name=f; filename=\"..\"", fileName: "file"),
        Name(testDescription: "only a path", parameters: "name=f; filename=\"a/\"", fileName: "file"),
        Name(testDescription: "only blanks", parameters: "name=f; filename=\"  \"", fileName: "file"),
        Name(testDescription: "blanks at the ends", parameters: "name=f; filename=\" a b \"", fileName: "a b"),
        Name(
            testDescription: "characters that turn the name round",
            parameters: "name=f; filename=\"a\u{202E}gpj\u{200B}\u{2028}.exe\"", fileName: "agpj.exe"),
        Name(
            testDescription: "a long name keeps its extension",
            parameters: "name=f; filename=\"\(String(repeating: "é", count: 30)).jpeg\"",
            fileName: String(repeating: "é", count: 17) + ".jpeg"),
        Name(
            testDescription: "a long extension is none",
            parameters: "name=f; filename=\"a.\(String(repeating: "x", count: 60))\"",
            fileName: "a." + String(repeating: "x", count: 38)),
        Name(testDescription: "a hidden file", parameters: "name=f; filename=.htaccess", fileName: ".htaccess"),
        Name(testDescription: "an empty name", parameters: "name=\"\"", name: "", fileName: nil),
    ]

    @Test(arguments: names)
    func `names are read as browsers write them, and cleaned`(_ example: Name) throws {
        var limits = RequestLimits()
        limits.fileNameBytes = 40
        let body = form("Content-Disposition: form-data; \(example.parameters)\r\n\r\n")
        let part = try #require(try ParsedPart.parse(body, limits: limits).first)
        #expect(part.head.name == example.name)
        #expect(part.head.fileName == example.fileName)
    }

    struct Announcement: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let field: String
        /// `nil` where the type is refused.
        let delimiter: String?
        var message = ""
    }

    // RFC 2046 §5.1.1
    static let types = [
        Announcement(
            testDescription: "a browser's", field: "multipart/form-data; boundary=----WebKitX",
            delimiter: "------WebKitX"),
        Announcement(testDescription: "in quotes", field: "Multipart/Form-Data; Boundary=\"a b\"", delimiter: "--a b"),
        Announcement(
            testDescription: "with a charset before it", field: "multipart/form-data;charset=utf-8;boundary=x",
            delimiter: "--x"),
        Announcement(
            testDescription: "70 characters", field: "multipart/form-data; boundary=\(x70)", delimiter: "--\(x70)"),
        Announcement(
            testDescription: "71 characters", field: "multipart/form-data; boundary=\(x70)x", delimiter: nil,
            message: rule),
        Announcement(testDescription: "none", field: "multipart/form-data", delimiter: nil, message: missing),
        Announcement(
            testDescription: "empty", field: "multipart/form-data; boundary=\"\"", delimiter: nil, message: rule),
        Announcement(
            testDescription: "a space at the end", field: "multipart/form-data; boundary=\"a \"", delimiter: nil,
            message: rule),
        Announcement(
            testDescription: "another character", field: "multipart/form-data; boundary=a*b", delimiter: nil,
            message: rule),
        Announcement(
            testDescription: "twice", field: "multipart/form-data; boundary=a; boundary=b", delimiter: nil,
            message: "The Content-Type of the form is malformed."),
        Announcement(
            testDescription: "another type", field: "multipart/mixed; boundary=a", delimiter: nil,
            message: "The content is 'multipart/mixed'; it must be 'multipart/form-data'."),
    ]

    private static let x70 = String(repeating: "x", count: 70)
    private static let missing = "The Content-Type of the multipart form has no boundary."
    private static let rule =
        "The boundary of the multipart form must have 1 to 70 letters, digits and characters of '()+_,-./:=?, "
        + "and no space at its end."

    @Test(arguments: types)
    func `the boundary is read or refused`(_ example: Announcement) throws {
        guard let delimiter = example.delimiter else {
            let error = try #require(throws: HTTPError.self) { try MultipartBoundary(contentType: example.field) }
            #expect(error.message == example.message)
            return
        }
        let boundary = try MultipartBoundary(contentType: example.field)
        #expect(String(decoding: boundary.delimiter, as: UTF8.self) == "\r\n" + delimiter)
    }
}
