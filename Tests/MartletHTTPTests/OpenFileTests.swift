import FoundationEssentials
import Glibc
import MartletHTTP
import Testing

@Suite struct OpenFileTests {
    /// A folder of a test's own, removed at the end.
    private final class Folder: Sendable {
        let path: String

        init() throws {
            path = FileManager.default.temporaryDirectory.path + "/martlet-open-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: path + "/sub", withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ name: String, _ text: String) throws -> String {
            try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
            return "\(path)/\(name)"
        }
    }

    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    @Test func `a file is read whole or in part`() async throws {
        let file = try OpenFile(path: folder.write("a.txt", "letters"))
        #expect((file.name, file.size) == ("a.txt", 7))
        #expect(try await file.read() == Array("letters".utf8))
        #expect(try await file.read(2..<4) == Array("tt".utf8))
        #expect(try await file.read(5..<100) == Array("rs".utf8))
        #expect(try await file.read(50..<100) == [])
        let empty = try OpenFile(path: folder.write("empty", ""))
        #expect(try await empty.read() == [])
    }

    @Test func `a file is found below its folder only`() async throws {
        _ = try folder.write("sub/a.txt", "inner")
        _ = try folder.write("secret", "outer")
        _ = try folder.write("sub/.hidden", "hidden")
        let below = folder.path + "/sub"
        #expect(symlink("\(folder.path)/secret", below + "/link") == 0)
        #expect(symlink(folder.path, below + "/up") == 0)
        #expect(mkfifo(below + "/pipe", 0o600) == 0)
        // A slash with a mark behind it, or behind a letter that joins it, is another character, and still a slash.
        #expect(mkdir(below + "/d\u{600}", 0o700) == 0)
        for path in [folder.path + "/\u{301}x", below + "/d\u{600}/.env", below + "/d\u{600}/\u{301}x"] {
            let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            #expect(write(descriptor, "inner", 5) == 5)
            close(descriptor)
        }
        #expect(try await OpenFile.open("d\u{600}/\u{301}x", below: below)?.read() == Array("inner".utf8))
        #expect(try await OpenFile.open("a.txt", below: below)?.read() == Array("inner".utf8))
        let refused = [
            "", ".", "..", "/", "../secret", "/etc/passwd", "link", "up/secret", "pipe", ".hidden", "a.txt/", "a.txt/x",
            "a.txt\0", "a\0/../../secret", "..\\secret", "up/\u{301}x", "d\u{600}/.env",
            "missing", String(repeating: "x", count: 5_000),
            String(repeating: "x/", count: 5_000) + "y",
        ]
        for path in refused {
            #expect(try await OpenFile.open(path, below: below) == nil, "\(path)")
        }
        #expect(try await OpenFile.open("a.txt", below: below + "/missing") == nil)
        #expect(try await OpenFile.open("a.txt", below: below + "/a.txt") == nil)
    }

    @Test func `what cannot be opened or read is told`() async throws {
        let missing = try #require(throws: FileError.self) { try OpenFile(path: "/nowhere/a") }
        #expect("\(missing)" == "The file \"/nowhere/a\" could not be opened: No such file or directory.")
        let directory = try #require(throws: FileError.self) { try OpenFile(path: folder.path) }
        #expect("\(directory)" == "The file \"\(folder.path)\" could not be opened: it is no regular file.")
        let path = try folder.write("a.txt", "letters")
        let file = try OpenFile(path: path)
        #expect(truncate(path, 3) == 0)
        let shorter = await #expect(throws: FileError.self) { try await file.read() }
        #expect(shorter?.code == 0)
        #expect(shorter?.description.hasPrefix("The file \"a.txt\" could not be read: it became shorter") == true)
        await #expect(throws: FileError.self) { try await ResponseBody.file(file).collect() }
    }

    @Test func `another size or date makes another entity tag`() throws {
        let path = try folder.write("a.txt", "letters")
        let first = try OpenFile(path: path)
        #expect(try OpenFile(path: path).validators == first.validators)
        #expect(first.validators.eTag?.isWeak == false)
        var tags = [first.validators.eTag]
        for (seconds, nanoseconds) in [(1_000, 0), (1_000, 1), (1_001, 0)] {
            let time = timespec(tv_sec: seconds, tv_nsec: nanoseconds)
            #expect(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
            tags.append(try OpenFile(path: path).validators.eTag)
        }
        #expect(Set(tags).count == 4)
    }

    // RFC 9110 §8.8.2.1: never later than the answer's own date.
    @Test(arguments: [-1_000_000, 0, 784_111_777, 13_000_000_000])
    func `a date that no header can say is no accident`(_ seconds: Int) throws {
        let path = try folder.write("a.txt", "letters")
        let time = timespec(tv_sec: seconds, tv_nsec: 999_999_999)
        #expect(utimensat(AT_FDCWD, path, [time, time], 0) == 0)
        let response = Response.file(try OpenFile(path: path), to: try .make())
        let date = try #require(response.headers[.lastModified].flatMap { Date(httpDate: $0) })
        #expect(date <= Date.now)
        if seconds < 1_000_000_000 { #expect(date.timeIntervalSince1970 == Double(seconds)) }
    }

    @Test func `a body of parts is collected in order`() async throws {
        let file = try OpenFile(path: folder.write("a.txt", "letters"))
        let body = ResponseBody.parts([
            .bytes(Array("<".utf8)), .file(FileRegion(file, 0..<3)), .file(FileRegion(file, 90..<99)),
            .bytes(Array(">".utf8)), .file(FileRegion(file)),
        ])
        #expect(body.length == 12)
        #expect(body.bytes == nil)
        #expect(try await body.collect() == Array("<let>letters".utf8))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.get
        let headers: KeyValuePairs<String, String>
        let status: HTTPStatus
        var content = ""
        var range: String?
    }

    // RFC 9110 §13, §14, §15.3.7, §15.5.17
    static let answers = [
        Case(testDescription: "all of it", headers: [:], status: .ok, content: "letters"),
        Case(
            testDescription: "a part", headers: ["Range": "bytes=1-2"], status: .partialContent, content: "et",
            range: "bytes 1-2/7"),
        Case(
            testDescription: "a part that is all of it", headers: ["Range": "bytes=0-"], status: .partialContent,
            content: "letters", range: "bytes 0-6/7"),
        Case(
            testDescription: "no such part", headers: ["Range": "bytes=7-"], status: .rangeNotSatisfiable,
            content: "The file has no such part.", range: "bytes */7"),
        Case(testDescription: "nonsense", headers: ["Range": "bytes=2-1"], status: .ok, content: "letters"),
        Case(
            testDescription: "a part of another version", headers: ["Range": "bytes=1-2", "If-Range": "\"x\""],
            status: .ok, content: "letters"),
        Case(
            testDescription: "another version is counted on", headers: ["If-Match": "\"x\""],
            status: .preconditionFailed,
            content: "The file has another version than the request counts on."),
        Case(testDescription: "a current copy", headers: ["If-None-Match": "*"], status: .notModified),
        Case(
            testDescription: "304 comes before 206", headers: ["If-None-Match": "*", "Range": "bytes=0-0"],
            status: .notModified),
        Case(
            testDescription: "HEAD has no parts", method: .head, headers: ["Range": "bytes=1-2"], status: .ok,
            content: "letters"),
    ]

    @Test(arguments: answers)
    func `a request gets what it asks for of a file`(_ example: Case) async throws {
        let file = try OpenFile(path: folder.write("a.txt", "letters"))
        let response = Response.file(file, to: try .make(example.method, headers: example.headers))
        #expect(response.status == example.status)
        #expect(response.headers[.contentRange] == example.range)
        #expect(try await response.body.collect() == Array(example.content.utf8))
        if response.status.isSuccess {
            #expect(response.headers[.acceptRanges] == "bytes")
            #expect(response.headers[.contentType] == "text/plain; charset=utf-8")
        }
        if !example.status.isClientError { #expect(response.headers[.eTag] == file.validators.eTag?.description) }
    }

    @Test func `several parts are told apart by a boundary that nobody knows before`() async throws {
        let file = try OpenFile(path: folder.write("a.bin", "letters"))
        let request = try Request.make(headers: ["Range": "bytes=5-,0-1"])
        let response = Response.file(file, to: request, contentType: .json)
        let type = try #require(response.headers[.contentType])
        let boundary = type.dropFirst("multipart/byteranges; boundary=".count)
        let head = "\r\n--\(boundary)\r\nContent-Type: application/json\r\nContent-Range: bytes "
        let content = try await response.body.collect()
        #expect(
            String(decoding: content, as: UTF8.self)
                == head + "5-6/7\r\n\r\nrs" + head + "0-1/7\r\n\r\nle\r\n--\(boundary)--\r\n")
        #expect(response.body.length == content.count)
        #expect(response.headers[.contentRange] == nil)
        #expect(Response.file(file, to: request).headers[.contentType] != type)
    }

    @Test func `an answer in parts is hardly larger than the file`() throws {
        let file = try OpenFile(path: folder.write("a.txt", String(repeating: "x", count: 10_000)))
        let greedy = (0..<40).map { "\($0)-" }.joined(separator: ",")
        let many = (0..<32).map { "\($0 * 2)-\($0 * 2)" }.joined(separator: ",")
        for ranges in [greedy, many] {
            let response = Response.file(file, to: try .make(headers: ["Range": "bytes=" + ranges]))
            #expect(try #require(response.body.length) <= 10_000)
        }
    }
}
