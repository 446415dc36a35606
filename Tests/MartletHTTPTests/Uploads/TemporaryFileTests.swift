import FoundationEssentials
import Glibc
import MartletHTTP
import Testing

/// A folder of its own for a test.
func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-uploads-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder.path)
}

func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

func content(of path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { Array($0) }
}

/// What the system knows about a file.
func status(of path: String) throws -> stat {
    var status = stat()
    try #require(stat(path, &status) == 0)
    return status
}

@Suite struct TemporaryFileTests {
    @Test func `a temporary file has no name and keeps what is written`() async throws {
        try await withFolder { folder in
            let file = try await TemporaryFile.make(in: folder)
            try await file.write(Array("Hello ".utf8))
            try await file.write([])
            try await file.write(Array("World".utf8))
            #expect(file.size == 11)
            #expect(try await file.read(at: 6, count: 100) == Array("World".utf8))
            #expect(try await file.read(at: 100, count: 1) == [])
            #expect(try names(in: folder) == [])
        }
    }

    @Test func `a saved file is complete, readable and alone`() async throws {
        try await withFolder { folder in
            let file = try await TemporaryFile.make(in: folder)
            try await file.write(Array("Hello".utf8))
            try await file.save(to: "\(folder)/a.txt")
            try await file.save(to: "\(folder)/b.txt", permissions: 0o600)
            #expect(try names(in: folder) == ["a.txt", "b.txt"])
            #expect(content(of: "\(folder)/a.txt") == Array("Hello".utf8))
            #expect(content(of: "\(folder)/b.txt") == Array("Hello".utf8))
            // Two names of one file would change together.
            #expect(try status(of: "\(folder)/a.txt").st_nlink == 1)
            #expect(try status(of: "\(folder)/b.txt").st_mode & 0o777 == 0o600)
            #expect(try await file.read(at: 0, count: 5) == Array("Hello".utf8))
        }
    }

    @Test func `a file that is there is replaced only if that is asked for`() async throws {
        try await withFolder { folder in
            let path = "\(folder)/a.txt"
            let old = UploadedFile(fileName: "a", content: Array("old".utf8))
            try await old.save(to: path)
            let new = UploadedFile(fileName: "a", content: Array("new".utf8))
            let error = try await #require(throws: UploadError.self) { try await new.save(to: path) }
            #expect(error.description == "Martlet could not save \(path): File exists.")
            #expect(content(of: path) == Array("old".utf8))
            try await new.save(to: path, replacing: true)
            #expect(content(of: path) == Array("new".utf8))
            #expect(try status(of: path).st_mode & 0o777 == 0o644)
            #expect(try names(in: folder) == ["a.txt"])
        }
    }

    @Test func `a file is copied where it cannot be moved`() async throws {
        try await withFolder { folder in
            // Another file system on every Linux machine, one in memory.
            try #require(FileManager.default.isWritableFile(atPath: "/dev/shm"))
            let file = try await TemporaryFile.make(in: "/dev/shm")
            let bytes = [UInt8](repeating: 7, count: 200_000)
            try await file.write(bytes)
            try await file.save(to: "\(folder)/a.bin")
            #expect(content(of: "\(folder)/a.bin") == bytes)
            #expect(try status(of: "\(folder)/a.bin").st_mode & 0o777 == 0o644)
            #expect(try names(in: folder) == ["a.bin"])
        }
    }

    @Test func `a folder that does not exist is named`() async throws {
        try await withFolder { folder in
            let missing = "\(folder)/missing"
            let made = try await #require(throws: UploadError.self) { _ = try await TemporaryFile.make(in: missing) }
            #expect(made.description == "Martlet could not make a file in \(missing): No such file or directory.")
            let file = try await TemporaryFile.make(in: folder)
            await #expect(throws: UploadError.self) { try await file.save(to: "\(missing)/a") }
            #expect(try names(in: folder) == [])
        }
    }
}
