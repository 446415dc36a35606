import Glibc
import MartletLogging
import TestPrograms
import Testing

@Suite struct SyslogSinkTests {
    private let renderer = SyslogRenderer(facility: .daemon, program: "blog", host: "web1", process: 1)

    private func event(_ name: String, _ fields: [LogField] = []) -> LogEvent {
        LogEvent(microseconds: 0, level: .info, name: name, logger: "t", fields: fields)
    }

    private func message(_ event: LogEvent) -> String {
        var bytes: [UInt8] = []
        renderer.render(event, to: &bytes)
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    @Test(arguments: SyslogReceiver.Kind.allCases)
    func `messages arrive whole and in order`(_ kind: SyslogReceiver.Kind) throws {
        let receiver = try SyslogReceiver(kind)
        let sink = SyslogSink(receiver.server, renderer)
        for number in 0..<100 {
            let event = event("e\(number)", [LogField("text", .string("12 <13>1 two\nlines é"))])
            sink.receive(event)
            sink.flush()
            #expect(try receiver.next() == message(event))
        }
        #expect(sink.droppedEvents == 0)
    }

    @Test func `a stream may bring many messages at once`() throws {
        let receiver = try SyslogReceiver(.tcp)
        let sink = SyslogSink(receiver.server, renderer)
        for number in 0..<500 { sink.receive(event("e\(number)")) }
        sink.flush()
        for number in 0..<500 { #expect(try receiver.next() == message(event("e\(number)"))) }
    }

    @Test func `a connection that is lost is made again, and nothing is lost with it that was not sent`() throws {
        let receiver = try SyslogReceiver(.tcp)
        let sink = SyslogSink(receiver.server, renderer)
        sink.receive(event("before"))
        sink.flush()
        #expect(try receiver.next() == message(event("before")))
        receiver.hangUp()
        sink.receive(event("after"))
        sink.flush()
        #expect(try receiver.next() == message(event("after")))
        #expect(sink.droppedEvents == 0)
    }

    @Test func `while nobody answers, messages wait, and the program goes on`() throws {
        let first = try SyslogReceiver(.tcp)
        let port = first.port
        first.stop()
        let sink = SyslogSink(.tcp("127.0.0.1", port: port), renderer, capacity: 1_000)
        for number in 0..<100 { sink.receive(event("e\(number)")) }
        sink.flush()
        let dropped = sink.droppedEvents
        #expect((1..<100).contains(dropped))
        let second = try SyslogReceiver(.tcp, port: port)
        // The sink's own next attempt may come first or this one.
        sink.flush()
        var names: [String] = []
        for _ in 0..<(100 - dropped) {
            names.append(String(try second.next().split(separator: " ").last ?? ""))
        }
        #expect(names.first == "e0")
        sink.flush()
        #expect(try second.next().contains(" log_events_dropped ") || names.contains("log_events_dropped"))
    }

    @Test(arguments: ["/nowhere/\(String(repeating: "x", count: 200))", "/nowhere/log", "/a\0b"])
    func `a socket that is not there costs nothing but messages`(_ path: String) {
        let sink = SyslogSink(.local(path), renderer, capacity: 200)
        for _ in 0..<100 { sink.receive(event("e")) }
        sink.flush()
        // A few fit the buffer.
        #expect(sink.droppedEvents >= 90)
    }

    @Test func `a datagram that nobody takes is counted when that is heard`() throws {
        let receiver = try SyslogReceiver(.udp)
        receiver.stop()
        let sink = SyslogSink(receiver.server, renderer)
        // The refusal of one datagram is heard with the next.
        for _ in 0..<20 {
            sink.receive(event("e"))
            sink.flush()
        }
        #expect(sink.droppedEvents > 0)
    }
}
