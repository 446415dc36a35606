import Foundation
import Glibc
import MartletLogging
import Synchronization
import TestPrograms
import Testing

@Suite struct FileSinkTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("site.log")
    }

    private func event(_ name: String) -> LogEvent {
        LogEvent(microseconds: 0, level: .info, name: name, logger: "t", fields: [])
    }

    private func names(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            String(line.split(separator: " ")[2].dropFirst("event=".count))
        }
    }

    @Test func `lines are appended to what is there`() throws {
        for name in ["a", "b"] {
            let sink = try FileSink(path, renderer: LogfmtRenderer())
            sink.receive(event(name))
            sink.flush()
        }
        #expect(try names(path) == ["a", "b"])
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o137 == 0, "neither the group may write it nor others read it")
    }

    @Test func `a file that is moved away or deleted is opened anew`() throws {
        let sink = try FileSink(path, renderer: LogfmtRenderer())
        sink.receive(event("a"))
        sink.flush()
        try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
        sink.receive(event("b"))
        sink.flush()
        #expect(try names(path + ".1") == ["a"])
        #expect(try names(path) == ["b"])
        try FileManager.default.removeItem(atPath: path)
        sink.receive(event("c"))
        sink.flush()
        #expect(try names(path) == ["c"])
    }

    @Test func `a folder that vanishes costs no line while the file is open`() throws {
        let sink = try FileSink(path, renderer: LogfmtRenderer())
        sink.receive(event("a"))
        try FileManager.default.moveItem(atPath: folder.path, toPath: folder.path + "-moved")
        defer { try? FileManager.default.removeItem(atPath: folder.path + "-moved") }
        sink.receive(event("b"))
        sink.flush()
        #expect(try names(folder.path + "-moved/site.log") == ["a", "b"])
        #expect(sink.droppedEvents == 0)
    }

    @Test(arguments: ["", "a\0b", "/", "/nowhere/site.log", "/proc/1/nothing.log"])
    func `a file that cannot be is refused at once`(_ path: String) {
        let error = #expect(throws: LogDestinationError.self) { try FileSink(path, renderer: LogfmtRenderer()) }
        #expect(error?.description.contains("log file") == true)
    }

    @Test func `a full disk costs lines, counted, and never the program`() throws {
        // Linux's own device that is always full.
        let sink = try FileSink("/dev/full", renderer: LogfmtRenderer())
        for number in 0..<50 { sink.receive(event("e\(number)")) }
        sink.flush()
        #expect(sink.droppedEvents == 50)
    }

    @Test func `a disk that is full for a while tells how much is missing, and leaves no line torn`() throws {
        try withMount { folder in
            let path = folder + "/site.log"
            let filler = folder + "/filler"
            let sink = try FileSink(path, renderer: LogfmtRenderer())
            sink.receive(event("first"))
            sink.flush()
            let file = open(filler, O_WRONLY | O_CREAT, 0o600)
            let block = [UInt8](repeating: 0, count: 4_096)
            while write(file, block, block.count) > 0 {}
            close(file)
            // Beyond the page that the file has already.
            for number in 0..<200 { sink.receive(event("e\(number)")) }
            sink.flush()
            let lost = sink.droppedEvents
            #expect((1...200).contains(lost))
            unlink(filler)
            sink.receive(event("last"))
            sink.flush()
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            #expect(lines.first?.contains("event=first ") == true)
            #expect(lines.contains { $0.hasPrefix("timestamp=") && $0.contains("event=last ") })
            let told = lines.filter { $0.hasPrefix("timestamp=") && $0.contains("event=log_events_dropped ") }
            #expect(told.count == 1)
            #expect(told.first?.hasSuffix("count=\(lost) reason=\"No space left on device\"") == true)
            let whole = lines.filter { $0.contains("event=e") && $0.hasSuffix(" logger=t") }
            #expect(whole.count == 200 - lost)
        }
    }

    /// Tells events until it is told to end.
    private final class Teller: Sendable {
        private let hasEnded = Atomic(false)

        init(_ sink: FileSink, _ event: LogEvent) {
            let hasBegun = DispatchSemaphore(value: 0)
            Thread.detachNewThread { [self] in
                sink.receive(event)
                hasBegun.signal()
                while !hasEnded.load(ordering: .relaxed) { sink.receive(event) }
            }
            hasBegun.wait()
        }

        func end() { hasEnded.store(true, ordering: .relaxed) }
    }

    @Test func `a flush ends while others go on telling`() throws {
        let sink = try FileSink("/dev/null", renderer: LogfmtRenderer())
        let teller = Teller(sink, event("told"))
        for _ in 0..<100 { sink.flush() }
        teller.end()
    }

    /// A disk of 64 KiB; or nothing where this process may not make one.
    private func withMount(_ body: (String) throws -> Void) throws {
        let disk = folder.file("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        guard mount("tmpfs", disk, "tmpfs", 0, "size=64k") == 0 else {
            try Test.notRun("this user may not mount a file system: \(String(cString: strerror(errno)))")
        }
        defer { umount2(disk, Int32(MNT_DETACH)) }
        try body(disk)
    }
}
