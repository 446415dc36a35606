import FoundationEssentials
import MartletStorage
import Testing

@Suite struct StorageTests {
    /// Runs a test with both storages, the local one below a folder that goes away with it.
    private static func withEach(_ body: (any Storage, String) async throws -> Void) async throws {
        try await body(MemoryStorage(), "memory")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(LocalStorage(folder: folder.appendingPathComponent("made/for/it").path), "local")
    }

    @Test func `a file is read as it was saved, and gone when it was deleted`() async throws {
        try await Self.withEach { storage, kind in
            let content = Array("hello\0".utf8) + Array(repeating: 7, count: 200_000)
            let name = try await storage.save(content, as: "a/b/note.txt")
            #expect(name == "a/b/note.txt", "\(kind)")
            #expect(try await storage.read(name) == content)
            #expect(try await storage.size(of: name) == content.count)
            #expect(try await storage.exists(name))
            for other in ["a/b/other.txt", "a/b", "a/b/note.txt/x"] { #expect(try await !storage.exists(other)) }
            try await storage.delete(name)
            try await storage.delete(name)
            #expect(try await !storage.exists(name))
            await #expect(throws: StorageError.notFoundIn(name)) { try await storage.read(name) }
        }
    }

    @Test func `a file is never overwritten`() async throws {
        try await Self.withEach { storage, kind in
            let names = try await withThrowingTaskGroup(of: String.self) { group in
                for number in 0..<20 {
                    group.addTask { try await storage.save([UInt8(number)], as: "a/photo.tar.gz") }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(names).count == 20, "\(kind)")
            #expect(names.filter { $0 == "a/photo.tar.gz" }.count == 1)
            #expect(names.allSatisfy { $0.hasPrefix("a/photo") && $0.hasSuffix(".gz") && $0.count <= 100 })
            var contents: Set<[UInt8]> = []
            for name in names { contents.insert(try await storage.read(name)) }
            #expect(contents.count == 20)
        }
    }

    static let hostile = [
        "", ".", "..", "/etc/passwd", "../x", "a/../../x", "a//b", "a/", "/", "a/./b", "a\\b", "..\\x", "a\0b", "a\nb",
        ".hidden", "a/.hidden/b", String(repeating: "a/", count: 100) + "x",
    ]

    @Test(arguments: hostile)
    func `a name that leads elsewhere is refused by every method`(_ name: String) async throws {
        try await Self.withEach { storage, kind in
            await #expect(throws: StorageError.self, "\(kind)") {
                try await storage.save([1], as: name, maxLength: 5_000)
            }
            await #expect(throws: StorageError.self, "\(kind)") { try await storage.read(name) }
            await #expect(throws: StorageError.self, "\(kind)") { try await storage.delete(name) }
            await #expect(throws: StorageError.self, "\(kind)") { try await storage.exists(name) }
            #expect(throws: StorageError.self, "\(kind)") { try storage.url(of: name) }
        }
    }

    @Test func `a symbolic link is not followed`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let outside = folder.appendingPathComponent("outside")
        try FileManager.default.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data([1]).write(to: outside.appendingPathComponent("secret"))
        let media = folder.appendingPathComponent("media")
        try FileManager.default.createDirectory(at: media, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: media.appendingPathComponent("dir"), withDestinationURL: outside)
        try FileManager.default.createSymbolicLink(
            at: media.appendingPathComponent("file"), withDestinationURL: outside.appendingPathComponent("secret"))
        let storage = LocalStorage(folder: media.path)
        for name in ["dir/secret", "file"] {
            #expect(try await !storage.exists(name))
            await #expect(throws: StorageError.self) { try await storage.read(name) }
        }
        await #expect(throws: StorageError.self) { try await storage.save([2], as: "dir/new") }
        #expect(try await storage.save([2], as: "file") != "file")
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.path) == ["secret"])
        #expect(try Data(contentsOf: outside.appendingPathComponent("secret")) == Data([1]))
    }

    struct Cleaning: Sendable, CustomTestStringConvertible {
        let name: String
        let cleaned: String?
        var testDescription: String { name.debugDescription }
    }

    // The first five as Django's `get_valid_filename` does it.
    static let cleanings = [
        Cleaning(name: "john's portrait in 2004.jpg", cleaned: "johns_portrait_in_2004.jpg"),
        Cleaning(name: "^&'@{}[],$=!-#()%+~_123.txt", cleaned: "-_123.txt"),
        Cleaning(name: "  übergröße.PDF ", cleaned: "übergröße.PDF"),
        Cleaning(name: "文件.txt", cleaned: "文件.txt"),
        Cleaning(name: "", cleaned: nil),
        Cleaning(name: "../../etc/passwd", cleaned: "passwd"),
        Cleaning(name: "C:\\Users\\ann\\cv.doc", cleaned: "cv.doc"),
        Cleaning(name: "..", cleaned: nil),
        Cleaning(name: "a/", cleaned: nil),
        // Django keeps the dot; here a hidden file would not be served.
        Cleaning(name: ".htaccess", cleaned: "htaccess"),
        Cleaning(name: "a\0b\u{202E}gpj.exe", cleaned: "abgpj.exe"),
        Cleaning(name: "😀.png", cleaned: "png"),
        Cleaning(name: "'; DROP TABLE--", cleaned: "_DROP_TABLE--"),
    ]

    @Test(arguments: cleanings)
    func `the name of a client is made harmless`(_ example: Cleaning) throws {
        guard let cleaned = example.cleaned else {
            #expect(throws: StorageError.self) { try FileName.cleaned(example.name) }
            return
        }
        #expect(try FileName.cleaned(example.name) == cleaned)
    }

    @Test func `a name that is too long is cut before its extension`() async throws {
        try await Self.withEach { storage, kind in
            let name = try await storage.save(
                [1], as: "a/" + String(repeating: "é", count: 300) + ".txt", maxLength: 40)
            #expect(name.unicodeScalars.count == 40 && name.hasPrefix("a/é") && name.hasSuffix(".txt"), "\(kind)")
            let error = await #expect(throws: StorageError.self) {
                try await storage.save([1], as: "a_long_folder/x.txt", maxLength: 12)
            }
            #expect(error?.kind == .noFreeName)
        }
    }

    @Test func `a URL is the base and the name, encoded`() throws {
        let storage = MemoryStorage(baseURL: "https://cdn.example.org/m")
        #expect(try storage.url(of: "a/b c%é.txt") == "https://cdn.example.org/m/a/b%20c%25%C3%A9.txt")
        #expect(throws: StorageError.self) { try MemoryStorage(baseURL: nil).url(of: "a") }
    }

    @Test func `the storages of a task are found by name`() async throws {
        #expect(throws: StorageError.self) { try Storages.current }
        let named = MemoryStorage()
        try await Storages(default: MemoryStorage(), ["private": named]).use {
            _ = try await Storages.current.storage(named: "private").save([1], as: "x")
            #expect(throws: StorageError.self) { try Storages.current.storage(named: "other") }
        }
        #expect(named.names == ["x"])
    }
}

extension StorageError {
    fileprivate static func notFoundIn(_ name: String) -> StorageError {
        StorageError(.notFound, "There is no file '\(name)' in the storage.")
    }
}
