import Foundation
import Glibc
import MartletLogging
import Testing

@Suite struct StreamSinkTests {
    /// A pipe whose ends are closed with it.
    private final class Pipe: Sendable {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            (reading, writing) = (ends[0], ends[1])
        }

        deinit {
            close(reading)
            close(writing)
        }

        /// Writes as much as it holds, and says how much that is.
        func fill() -> Int {
            let flags = fcntl(writing, F_GETFL)
            _ = fcntl(writing, F_SETFL, flags | O_NONBLOCK)
            defer { _ = fcntl(writing, F_SETFL, flags) }
            var filled = 0
            let filler = [UInt8](repeating: 0x2E, count: 4_096)
            while case let count = write(writing, filler, filler.count), count > 0 { filled += count }
            return filled
        }

        func readLine() -> String {
            var line = ""
            while case let byte = read(1), !byte.isEmpty, byte != "\n" { line += byte }
            return line
        }

        func read(_ count: Int) -> String {
            var bytes = [UInt8](repeating: 0, count: count)
            var filled = 0
            while filled < count {
                let got = bytes.withUnsafeMutableBytes {
                    Glibc.read(reading, $0.baseAddress?.advanced(by: filled), count - filled)
                }
                if got <= 0 { break }
                filled += got
            }
            return String(decoding: bytes[..<filled], as: UTF8.self)
        }
    }

    private struct NameRenderer: LogRenderer {
        func render(_ event: LogEvent, to bytes: inout [UInt8]) {
            bytes += event.name.utf8
            if case .int(let count) = event["count"] { bytes += "=\(count)".utf8 }
            bytes.append(0x0A)
        }
    }

    private func event(_ name: String) -> LogEvent {
        LogEvent(microseconds: 0, level: .info, name: name, logger: "t", fields: [])
    }

    @Test func `lines are written in the order in which they were told`() throws {
        let pipe = try Pipe()
        let sink = StreamSink(descriptor: pipe.writing, renderer: NameRenderer())
        let names = (0..<2_000).map { "e\($0)" }
        for name in names { sink.receive(event(name)) }
        sink.flush()
        let expected = names.map { $0 + "\n" }.joined()
        #expect(pipe.read(expected.utf8.count) == expected)
        #expect(sink.droppedEvents == 0)
    }

    @Test func `lines of many threads are whole, and each thread's are in order`() async throws {
        let pipe = try Pipe()
        let sink = StreamSink(descriptor: pipe.writing, renderer: NameRenderer())
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for number in 100..<200 { sink.receive(event("\(task):\(number)")) } }
            }
        }
        sink.flush()
        let lines = pipe.read(8 * 100 * 6).split(separator: "\n")
        #expect(lines.count == 800)
        for task in 0..<8 {
            #expect(lines.filter { $0.hasPrefix("\(task):") }.map { String($0) } == (100..<200).map { "\(task):\($0)" })
        }
    }

    @Test func `a reader that does not keep up costs events, counted, and never the program`() throws {
        let pipe = try Pipe()
        // The pipe is full before the first event, so that nothing can leave the buffer.
        let filled = pipe.fill()
        let sink = StreamSink(descriptor: pipe.writing, renderer: NameRenderer(), capacity: 100)
        for _ in 0..<1_000 { sink.receive(event("123456789")) }
        let dropped = sink.droppedEvents
        // Ten lines fit the buffer, and up to ten more were taken by the writer before it was stopped.
        #expect((980...990).contains(dropped))

        #expect(pipe.read(filled).utf8.count == filled)
        sink.flush()
        sink.receive(event("end"))
        sink.flush()
        var lines: [String] = []
        while lines.last != "end" { lines.append(pipe.readLine()) }
        #expect(lines.filter { $0 == "123456789" }.count == 1_000 - dropped)
        let told = lines.compactMap { line in
            line.hasPrefix("log_events_dropped=") ? Int(line.dropFirst("log_events_dropped=".count)) : nil
        }
        #expect(told.reduce(0, +) == dropped)
        #expect(lines.count == 1_000 - dropped + told.count + 1)
    }

    @Test func `a flush waits no longer than it may for a reader that has stopped, and nothing is lost by that`() throws
    {
        let pipe = try Pipe()
        let filled = pipe.fill()
        let sink = StreamSink(descriptor: pipe.writing, renderer: NameRenderer())
        for name in ["a", "b"] {
            sink.receive(event(name))
            sink.flush(within: .milliseconds(1))
        }
        Logger.with(LogSettings(sink: sink)) { Logger.flush(within: .zero) }
        #expect(pipe.read(filled).utf8.count == filled)
        sink.flush()
        #expect(pipe.readLine() == "a")
        #expect(pipe.readLine() == "b")
        #expect(sink.droppedEvents == 0)
    }

    @Test func `a closed reader costs events and never the program`() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        close(ends[0])
        let sink = StreamSink(descriptor: ends[1], renderer: NameRenderer())
        sink.receive(event("a"))
        sink.flush()
        #expect(sink.droppedEvents == 1)
        sink.receive(event("b"))
        sink.flush()
        #expect(sink.droppedEvents == 2)
        // The writing end stays open: the sink may still have something to tell, which must not reach another test's file.
    }

    @Test func `a descriptor that is closed costs events, counted, and never the program`() {
        // No process has so many.
        let sink = StreamSink(descriptor: 1 << 30, renderer: NameRenderer())
        for number in 0..<10 { sink.receive(event("e\(number)")) }
        sink.flush()
        #expect(sink.droppedEvents == 10)
    }

    @Test func `a line that is longer than all the room is dropped, and counted, whatever the policy`() throws {
        for overflow in [LogOverflow.drop, .block] {
            let pipe = try Pipe()
            let sink = StreamSink(
                descriptor: pipe.writing, renderer: NameRenderer(), capacity: 10, overflow: overflow)
            sink.receive(event(String(repeating: "x", count: 100)))
            sink.receive(event("short"))
            sink.flush()
            #expect(sink.droppedEvents == 1)
            #expect(pipe.readLine() == "short")
            #expect(pipe.readLine() == "log_events_dropped=1")
        }
    }

    @Test func `whoever tells an event can be made to wait for a slow reader, and no event is lost`() async throws {
        let pipe = try Pipe()
        let sink = StreamSink(descriptor: pipe.writing, renderer: NameRenderer(), capacity: 100, overflow: .block)
        let names = (0..<20_000).map { "event-\($0)" }
        // More than a pipe and the buffer hold, so the teller has to wait for the reader.
        let teller = Thread { for name in names { sink.receive(self.event(name)) } }
        teller.start()
        let expected = names.map { $0 + "\n" }.joined()
        #expect(pipe.read(expected.utf8.count) == expected)
        #expect(sink.droppedEvents == 0)
    }
}
