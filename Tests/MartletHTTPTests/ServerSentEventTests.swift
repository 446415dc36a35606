import Synchronization
import Testing

@testable import MartletHTTP

@Suite struct ServerSentEventTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let event: ServerSentEvent
        let text: String
    }

    // HTML §9.2.5, §9.2.6
    static let events = [
        Case(testDescription: "data", event: ServerSentEvent(data: "Hello"), text: "data: Hello\n\n"),
        Case(
            testDescription: "all fields",
            event: ServerSentEvent(data: "1", event: "tick", id: "7", retry: .seconds(2)),
            text: "event: tick\nid: 7\nretry: 2000\ndata: 1\n\n"),
        Case(testDescription: "LF", event: ServerSentEvent(data: "a\nb"), text: "data: a\ndata: b\n\n"),
        Case(testDescription: "CR", event: ServerSentEvent(data: "a\rb"), text: "data: a\ndata: b\n\n"),
        Case(testDescription: "CR LF", event: ServerSentEvent(data: "a\r\nb"), text: "data: a\ndata: b\n\n"),
        Case(
            testDescription: "LF CR is two", event: ServerSentEvent(data: "a\n\rb"),
            text: "data: a\ndata: \ndata: b\n\n"),
        Case(
            testDescription: "a line break at the end", event: ServerSentEvent(data: "a\n"), text: "data: a\ndata: \n\n"
        ),
        Case(
            testDescription: "data that looks like another event",
            event: ServerSentEvent(data: "x\n\nevent: admin\ndata: y"),
            text: "data: x\ndata: \ndata: event: admin\ndata: data: y\n\n"),
        Case(testDescription: "a blank at the beginning", event: ServerSentEvent(data: " a"), text: "data:  a\n\n"),
        Case(testDescription: "empty data", event: ServerSentEvent(data: ""), text: "data: \n\n"),
        Case(testDescription: "NUL in data", event: ServerSentEvent(data: "a\0b"), text: "data: a\0b\n\n"),
        Case(
            testDescription: "U+2028 is no line break", event: ServerSentEvent(data: "a\u{2028}b"),
            text: "data: a\u{2028}b\n\n"),
        Case(testDescription: "an empty id forgets", event: ServerSentEvent(id: ""), text: "id: \n\n"),
        Case(testDescription: "only retry", event: ServerSentEvent(retry: .milliseconds(15)), text: "retry: 15\n\n"),
    ]

    @Test(arguments: events)
    func `an event is sent line by line`(_ example: Case) throws {
        #expect(String(decoding: try example.event.encoded(), as: UTF8.self) == example.text)
    }

    @Test(arguments: ["a\nb", "a\rb", "a\r\ndata: forged", "a\0"])
    func `a name or id cannot smuggle in a line`(_ value: String) {
        #expect(throws: ServerSentEventError.illegalCharacter(field: "event", value: value)) {
            try ServerSentEvent(data: "", event: value).encoded()
        }
        let error = #expect(throws: ServerSentEventError.self) { try ServerSentEvent(data: "", id: value).encoded() }
        #expect(error?.description.hasSuffix("Remove it, or send the text as data.") == true)
    }

    @Test func `a time that cannot be told is refused`() {
        for time in [Duration.seconds(-1), .seconds(Int64.max)] {
            #expect(throws: ServerSentEventError.illegalRetry(time)) { try ServerSentEvent(retry: time).encoded() }
        }
    }

    @Test func `an event stream has the headers that browsers and proxies need`() async throws {
        let response = Response.eventStream { events in
            try await events.send("a")
            try await events.send(ServerSentEvent(data: "b", event: "x"))
        }
        #expect(response.headers[.contentType] == "text/event-stream")
        #expect(response.headers[.cacheControl] == "no-cache")
        #expect(response.headers[HeaderName(literal: "X-Accel-Buffering")] == "no")
        #expect(
            String(decoding: try await response.body.collect(), as: UTF8.self) == "data: a\n\nevent: x\ndata: b\n\n")
    }

    @Test func `events of several tasks arrive whole`() async throws {
        let response = Response.eventStream { events in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 { group.addTask { try await events.send("\(number)\n\(number)") } }
                try await group.waitForAll()
            }
        }
        let text = String(decoding: try await response.body.collect(), as: UTF8.self)
        let blocks = Set(text.split(separator: "\n\n").map(String.init))
        #expect(blocks == Set((0..<50).map { "data: \($0)\ndata: \($0)" }))
    }

    @Test func `an error of the view breaks the stream off`() async throws {
        struct Broken: Error {}
        let response = Response.eventStream { _ in throw Broken() }
        await #expect(throws: Broken.self) { try await response.body.collect() }
    }

    @Test func `nothing can be sent when the stream has ended`() async throws {
        let kept = Mutex<EventStream?>(nil)
        _ = try await Response.eventStream { events in kept.withLock { $0 = events } }.body.collect()
        let events = try #require(kept.withLock { $0 })
        await #expect(throws: ServerSentEventError.ended) { try await events.send("late") }
    }

    @Test func `the id of the last event is read from the request`() throws {
        func request(_ headers: Headers) -> Request {
            Request(
                method: .get, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
                peerAddress: "", isEncrypted: false)
        }
        #expect(request(try Headers(["last-event-id": "7 é"])).lastEventID == "7 é")
        #expect(request(try Headers(["Last-Event-ID": ""])).lastEventID == nil)
        #expect(request(Headers()).lastEventID == nil)
    }

    @Test func `a sequence of bytes or of text is a body`() async throws {
        let bytes = AsyncStream<[UInt8]> { continuation in
            for piece in ["Hel", "lo"] { continuation.yield(Array(piece.utf8)) }
            continuation.finish()
        }
        let response = Response.stream(bytes, length: 5)
        #expect(response.body.length == 5)
        #expect(response.headers[.contentType] == "application/octet-stream")
        #expect(try await response.body.collect() == Array("Hello".utf8))

        let texts = AsyncStream<String> { continuation in
            for piece in ["é", "€"] { continuation.yield(piece) }
            continuation.finish()
        }
        let text = Response.stream(texts, status: .created)
        #expect(text.status == .created)
        #expect(text.body.length == nil)
        #expect(text.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(try await text.body.collect() == Array("é€".utf8))

        let written = Response.stream(contentType: .html) { try await $0.write("<p>") }
        #expect(try await written.body.collect() == Array("<p>".utf8))
    }

    @Test func `a sequence that was cancelled is not taken for the whole`() async throws {
        let (pieces, _) = AsyncStream.makeStream(of: [UInt8].self)
        let task = Task { try await ResponseBody.stream(pieces).collect() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `the closure of a stream runs in the scope that it is given`() async throws {
        let body = ResponseBody.stream { try await $0.write(Scope.name) }
            .running { operation in try await Scope.$name.withValue("inner") { try await operation() } }
            .running { operation in try await Scope.$name.withValue("outer") { try await operation() } }
        #expect(try await body.collect() == Array("inner".utf8))
        #expect(ResponseBody.bytes([1]).running { _ in }.bytes == [1])
    }

    enum Scope {
        @TaskLocal static var name = "none"
    }
}
