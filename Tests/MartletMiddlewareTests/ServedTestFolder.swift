import FoundationEssentials
import Glibc
import MartletHTTP
import MartletMiddleware
import MartletRouting
import Testing

/// A folder with a few files, removed at the end.
final class ServedTestFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/martlet-static-" + UUID().uuidString
        let fileManager = FileManager.default
        for directory in ["site/css", "site/.git", "more"] {
            try fileManager.createDirectory(atPath: "\(path)/\(directory)", withIntermediateDirectories: true)
        }
        for (name, text) in [
            "site/css/style.css": "body {}", "site/.env": "SECRET", "site/.git/config": "x", "site/noending": "x",
            "site/é.txt": "é", "secret.txt": "secret", "more/more.JS": "1", "site/empty.txt": "",
        ] {
            try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
        }
        try fileManager.createSymbolicLink(atPath: "\(path)/site/link.txt", withDestinationPath: "\(path)/secret.txt")
        try fileManager.createSymbolicLink(atPath: "\(path)/site/up", withDestinationPath: path)
        #expect(mkfifo("\(path)/site/pipe.txt", 0o600) == 0)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func handler(caching: FileCaching = .revalidate) throws -> Handler {
        let directories = ["\(path)/missing", "\(path)/site", "\(path)/more"]
        let urls = URLs {
            serveStatic(directories: directories, caching: caching)
            serveMedia(directory: "\(path)/site", caching: caching)
        }
        return Dispatcher(try RouteTable(urls)).handler
    }

    /// Writes a file of the first directory.
    ///
    /// - Parameter age: How many seconds ago it was changed.
    func write(_ name: String, _ text: String, age: Int = 0) throws {
        let file = "\(path)/site/\(name)"
        try Data(text.utf8).write(to: URL(filePath: file))
        let time = timespec(tv_sec: Glibc.time(nil) - age, tv_nsec: 0)
        #expect(utimensat(AT_FDCWD, file, [time, time], 0) == 0)
    }
}
