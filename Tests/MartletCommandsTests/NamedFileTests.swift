import Dispatch
import FoundationEssentials
import Glibc
import MartletCommands
import MartletIO
import MartletSite
import TestPrograms
import Testing

@Suite struct NamedFileTests {
    private func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Does something that blocks on a thread of its own: the tests share few.
    private func separately<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "martlet.tests.pipe").async { continuation.resume(returning: work()) }
        }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode : 0
    }

    @Test func `a plain file is replaced as a whole, and keeps who may read it`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.json")
        try NamedFile.write("first, which is longer", to: path)
        #expect(chmod(path, 0o640) == 0)
        let other = folder.file("other name of the old one")
        #expect(link(path, other) == 0)
        try NamedFile.write("second", to: path)
        #expect(text(path) == "second")
        #expect(text(other) == "first, which is longer", "the old file was not written into")
        #expect(mode(path) & 0o777 == 0o640)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2, "nothing else is left")
    }

    @Test func `a link stays one, and what it leads to is written`() throws {
        let folder = try TemporaryFolder()
        let (link, target) = (folder.file("link"), folder.file("target"))
        #expect(symlink(target, link) == 0)
        for round in ["a link to nothing", "a link to a file"] {
            try NamedFile.write(round, to: link)
            #expect(text(target) == round)
            #expect(mode(link) & S_IFMT == S_IFLNK)
        }
    }

    @Test func `a device is written to and not replaced, and tells that it is full`() throws {
        let folder = try TemporaryFolder()
        let link = folder.file("full")
        #expect(symlink("/dev/full", link) == 0)
        let error = #expect(throws: CommandError.self) { try NamedFile.write("text", to: link) }
        #expect(error?.description == "'\(link)' cannot be written: No space left on device.")
        #expect(mode(link) & S_IFMT == S_IFLNK)
        #expect(mode("/dev/full") & S_IFMT == S_IFCHR)
    }

    @Test func `what waits in a pipe is what was written`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let reader = open(path, O_RDWR | O_CLOEXEC)
        defer { close(reader) }
        try NamedFile.write("text", to: path)
        var bytes = [UInt8](repeating: 0, count: 10)
        #expect(read(reader, &bytes, bytes.count) == 4)
        #expect(mode(path) & S_IFMT == S_IFIFO)
    }

    @Test(arguments: ["", "a\0b", "/nonexistent/folder/file", "/dev/null/x", String(repeating: "x", count: 10_000)])
    func `a path that cannot be one is told in the system's words`(_ path: String) {
        let error = #expect(throws: CommandError.self) { try NamedFile.write("text", to: path) }
        #expect(error?.exitCode == 1)
        #expect(error?.description.contains("CocoaError") == false)
        #expect(error?.description.hasSuffix(".") == true)
    }

    @Test(arguments: ["dumpdata --output", "env-example"])
    func `commands leave devices and links as they are`(_ line: String) async throws {
        let place = try CommandSite()
        #expect(await place.manage("migrate").status == 0)
        let link = place.folder.appendingPathComponent("full").path
        #expect(symlink("/dev/full", link) == 0)
        let result = await place.manage(line.split(separator: " ").map(String.init) + ["full"], of: place.site)
        #expect(result.status == 1)
        #expect(result.errors.contains("No space left on device"), "\(result.errors)")
        #expect(mode(link) & S_IFMT == S_IFLNK)
    }

    @Test func `an output that takes no more ends the command with a status and the reason`() throws {
        let folder = try TemporaryFolder()
        #expect(symlink("/dev/full", folder.file("full")) == 0)
        let full = open(folder.file("full"), O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        let output = StandardOutput(descriptor: full)
        #expect(output.status(of: 0) { Issue.record("\($0)") } == 0)
        output.print("[")
        output.print("]")
        var reports: [String] = []
        #expect(output.status(of: 0) { reports.append($0) } == 1)
        #expect(output.status(of: 3) { reports.append($0) } == 3)
        #expect(
            reports.first == "manage: The output could not be written to its end: No space left on device.")
    }

    @Test func `a slow reader of a pipe that does not wait gets every line`() async throws {
        let pipe = try MartletIO.Pipe()
        defer { close(pipe.reading) }
        #expect(fcntl(pipe.writing, F_SETFL, O_NONBLOCK) == 0)
        let text = String(repeating: "0123456789", count: 50_000)
        async let status = separately {
            let output = StandardOutput(descriptor: pipe.writing)
            output.print(text)
            close(pipe.writing)
            return output.problem
        }
        let count = await separately {
            var (bytes, total) = ([UInt8](repeating: 0, count: 1_000), 0)
            while case let count = read(pipe.reading, &bytes, bytes.count), count > 0 { total += count }
            return total
        }
        #expect(count == 500_001)
        #expect(await status == nil)
    }
}
