import Foundation
import Glibc
import MartletLogging
import TestPrograms
import Testing

/// What a program leaves in its log when it ends: each test starts a process of its own, which ends in its way.
@Suite(.disabled(if: getenv("TSAN_OPTIONS") != nil, "the thread sanitizer handles fatal signals itself"))
struct LastLinesTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("site.log")
    }

    /// Tells more than the writing thread, which looks a thousand times a second, has written when the program ends.
    private static func tell(_ path: String) throws {
        let sink = try FileSink(path, renderer: LogfmtRenderer())
        sink.flushWhenProcessEnds()
        Logger.with(LogSettings(sink: sink)) {
            let log = Logger("blog")
            log.info("first")
            for number in 0..<500 { log.info("told", n: number) }
            log.critical("last")
        }
    }

    private func expectAll() throws {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        // A line may come twice when the writing thread was stopped in the middle of it, and none may be missing.
        var told: [String] = []
        for line in lines.dropLast() {
            #expect(line.hasPrefix("timestamp="))
            let name = line.split(separator: " ").filter { $0.hasPrefix("event=") || $0.hasPrefix("n=") }
            told.append(name.joined(separator: " "))
        }
        #expect(told.first == "event=first")
        #expect(told.last == "event=last")
        #expect(Set(told) == Set(["event=first", "event=last"] + (0..<500).map { "event=told n=\($0)" }))
    }

    @Test func `a trap of Swift leaves the last lines, and ends the program as it would have without a log`()
        async throws
    {
        let result = await #expect(processExitsWith: .failure, observing: [\.exitStatus]) { [path = path as String] in
            try LastLinesTests.tell(path)
            let empty: [Int] = []
            print(empty[CommandLine.arguments.count])
        }
        #if arch(x86_64)
        #expect(result?.exitStatus == .signal(SIGILL))
        #else
        #expect(result?.exitStatus == .signal(SIGTRAP))
        #endif
        try expectAll()
    }

    @Test func `so does an abort`() async throws {
        await #expect(processExitsWith: .signal(SIGABRT)) { [path = path as String] in
            try LastLinesTests.tell(path)
            abort()
        }
        try expectAll()
    }

    @Test func `so does a fault of memory`() async throws {
        await #expect(processExitsWith: .signal(SIGSEGV)) { [path = path as String] in
            try LastLinesTests.tell(path)
            // Nothing is ever mapped there.
            UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1
        }
        try expectAll()
    }

    @Test(arguments: [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE])
    func `so does the signal from another process`(_ signal: Int32) async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.exitStatus]) {
            [path = path as String, signal = signal as Int32] in
            try LastLinesTests.tell(path)
            kill(getpid(), signal)
            poll(nil, 0, 20_000)
        }
        #expect(result?.exitStatus == .signal(signal))
        try expectAll()
    }

    @Test(arguments: [Int32(0), 3])
    func `so does an exit`(_ status: Int32) async throws {
        await #expect(processExitsWith: .exitCode(status)) { [path = path as String, status = status as Int32] in
            try LastLinesTests.tell(path)
            exit(status)
        }
        try expectAll()
    }

    /// A sink of a pipe that nobody reads, with more events than the pipe holds.
    private static func sinkThatNobodyReads(_ overflow: LogOverflow) throws -> StreamSink {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let sink = StreamSink(descriptor: ends[1], renderer: JSONLinesRenderer(), overflow: overflow)
        sink.flushWhenProcessEnds()
        let event = LogEvent(
            microseconds: 0, level: .info, name: String(repeating: "x", count: 100_000), logger: "t", fields: [])
        for _ in 0..<10 { sink.receive(event) }
        return sink
    }

    @Test func `a log that nobody reads does not keep a program from ending`() async throws {
        await #expect(processExitsWith: .signal(SIGABRT)) {
            _ = try LastLinesTests.sinkThatNobodyReads(.drop)
            abort()
        }
    }

    @Test(arguments: [false, true])
    func `nor does it when the program waits for its last lines, as far as there is room for them`(_ blocks: Bool)
        async throws
    {
        await #expect(processExitsWith: .exitCode(3)) { [blocks = blocks as Bool] in
            let sink = try LastLinesTests.sinkThatNobodyReads(blocks ? .block : .drop)
            Logger.with(LogSettings(sink: sink)) { Logger.flush() }
            exit(3)
        }
    }

    @Test func `a pipe whose reader is gone does not change what a program ends by`() async throws {
        await #expect(processExitsWith: .signal(SIGABRT)) {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            close(ends[0])
            let sink = StreamSink(descriptor: ends[1], renderer: JSONLinesRenderer())
            sink.flushWhenProcessEnds()
            for _ in 0..<10 {
                sink.receive(LogEvent(microseconds: 0, level: .info, name: "x", logger: "t", fields: []))
            }
            abort()
        }
    }

    @Test func `a syslog gets the last messages, too`() async throws {
        let receiver = try SyslogReceiver(.udp)
        await #expect(processExitsWith: .signal(SIGABRT)) { [port = receiver.port as UInt16] in
            let sink = SyslogSink(.udp("127.0.0.1", port: port), SyslogRenderer(program: "p", host: "h", process: 1))
            sink.flushWhenProcessEnds()
            let event = LogEvent(microseconds: 0, level: .info, name: "first", logger: "t", fields: [])
            sink.receive(event)
            // There is a connection from now on.
            sink.flush()
            for number in 0..<50 {
                sink.receive(LogEvent(microseconds: 0, level: .info, name: "e\(number)", logger: "t", fields: []))
            }
            abort()
        }
        var names: [String] = []
        while names.last != "e49" { names.append(String(try receiver.next().split(separator: " ").last ?? "")) }
        #expect(Set(names) == Set(["first"] + (0..<50).map { "e\($0)" }))
    }
}
