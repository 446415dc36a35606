import Foundation
import MartletHTTP
import MartletServer
import Testing

@Suite struct CurlUploadTests {
    /// A folder with files of 0 bytes, 1 byte and 3 MB.
    private static func withFiles(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: folder.appendingPathComponent("empty.txt"))
        try Data([0x0D]).write(to: folder.appendingPathComponent("return.bin"))
        try Data(large).write(to: folder.appendingPathComponent("größe \"3\".bin"))
        try await body(folder)
    }

    /// Line ends and hyphens now and then, so that the search for the boundary has something to do.
    private static let large: [UInt8] = (0..<3_000_000).map { index in
        index % 997 < 4 ? [0x0D, 0x0A, 0x2D, 0x2D][index % 997] : UInt8(truncatingIfNeeded: index &* 31)
    }

    @Test(arguments: [[], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"]])
    func `a form of curl comes with its files`(_ options: [String]) async throws {
        let handler: Handler = { request in
            let form = try await request.form()
            var lines = ["title=\(form["title"] ?? "")"]
            for (name, file) in form.files.map({ ($0.name, $0.file) }) {
                let isSame = try await file.read() == Self.large
                lines.append("\(name): \(file.fileName) \(file.contentType) \(file.size) \(isSame) \(file.isInMemory)")
            }
            return Response(lines.joined(separator: "\n"))
        }
        try await Self.withFiles { folder in
            try await withServer(handler: handler) { address, _ in
                let answer = try await Curl(address: address).send(
                    options + [
                        "--form-string", "title=Grüße; \"x\"", "-F", "a=@\(folder.path)/empty.txt",
                        "-F", "b=@\(folder.path)/return.bin",
                        "-F", "c=@\"\(folder.path)/größe \\\"3\\\".bin\";type=image/png",
                    ], to: "/")
                #expect(
                    answer == """
                        title=Grüße; "x"
                        a: empty.txt text/plain 0 false true
                        b: return.bin application/octet-stream 1 false true
                        c: größe "3".bin image/png 3000000 true false
                        """)
            }
        }
    }

    @Test func `parts of curl are streamed`() async throws {
        let handler: Handler = { request in
            var lines: [String] = []
            for try await part in try request.multipart() {
                var count = 0
                for try await chunk in part.body { count += chunk.count }
                lines.append("\(part.name) \(part.fileName ?? "-") \(count)")
            }
            return Response(lines.joined(separator: "\n"))
        }
        try await Self.withFiles { folder in
            try await withServer(handler: handler) { address, _ in
                let answer = try await Curl(address: address).send(
                    ["-F", "a=1", "-F", "c=@\"\(folder.path)/größe \\\"3\\\".bin\";filename=c.bin"], to: "/")
                #expect(answer == "a - 1\nc c.bin 3000000")
            }
        }
    }

    @Test func `temporary files are where the settings say, without names, and vanish`() async throws {
        try await Self.withFiles { folder in
            let uploads = folder.appendingPathComponent("uploads")
            try FileManager.default.createDirectory(at: uploads, withIntermediateDirectories: true)
            let handler: Handler = { request in
                let file = try await request.form().files.require("c")
                let names = try FileManager.default.contentsOfDirectory(atPath: uploads.path)
                let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
                    try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
                }
                let count = open.count { $0.hasPrefix(uploads.path) }
                try await file.save(to: "\(uploads.path)/saved.bin")
                return Response("\(names) \(count)")
            }
            try await withServer({ $0.uploadDirectory = uploads.path }, handler: handler) { address, _ in
                let answer = try await Curl(address: address).send(
                    ["-F", "c=@\"\(folder.path)/größe \\\"3\\\".bin\""], to: "/")
                #expect(answer == "[] 1")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: uploads.path) == ["saved.bin"])
            #expect(try Data(contentsOf: uploads.appendingPathComponent("saved.bin")) == Data(Self.large))
        }
    }

    @Test func `a form that is too large is answered while curl still sends`() async throws {
        let handler: Handler = { Response("\(try await $0.form().count)") }
        try await Self.withFiles { folder in
            try await withServer({ $0.requestLimits.fileBytes = 1_000_000 }, handler: handler) { address, _ in
                let answer = try await Curl(address: address).send(
                    ["-F", "c=@\"\(folder.path)/größe \\\"3\\\".bin\""], to: "/")
                #expect(answer == "The file 'c' is larger than 1000000 bytes (fileBytes).")
            }
        }
    }
}
