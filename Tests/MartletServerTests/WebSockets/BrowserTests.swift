import Foundation
import Glibc
import MartletHTTP
import MartletRouting
import MartletServer
import MartletWebSockets
import Synchronization
import TestPrograms
import Testing

/// A real browser as the client.
@Suite struct BrowserTests {
    /// What the page has written, once it has.
    private final class Report: Sendable {
        let text = Mutex<String?>(nil)
        let isThere = Signal()

        func give(_ report: String) {
            text.withLock { $0 = $0 ?? report }
            isThere.give()
        }
    }

    @Test(.timeLimit(.minutes(3)))
    func `a browser receives events, connects anew, and talks over a WebSocket`() async throws {
        let browser = try Self.findBrowser()
        let report = Report()
        try await withServer(handler: Dispatcher(try RouteTable(Self.urls(report))).handler) { address, _ in
            try await withTemporaryFolder { folder in
                let process = try Program(
                    browser,
                    [
                        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                        "--disable-background-networking", "--user-data-dir=\(folder)", "http://\(address)/",
                    ])
                async let end: Void = process.ended()
                Task {
                    await process.ended()
                    report.give("The browser ended.")
                }
                await report.isThere.wait()
                process.send(SIGTERM)
                await end
            }
        }
        #expect(report.text.withLock { $0 } == Self.expected)
    }

    static let expected = """
        message:one\ntwo:
        tick:first:1
        tick:after 1:2
        open:chat.v1:
        text:é€😀
        binary:0,255
        close:4000:done:true
        other site:1006
        server closes:4001:bye:true
        """

    private static func urls(_ report: Report) -> URLs {
        URLs {
            path("", { _ in .html(page) })
            path(
                "events/",
                { request in
                    .eventStream { events in
                        guard request.lastEventID == nil else {
                            let data = "after \(request.lastEventID ?? "")"
                            return try await events.send(ServerSentEvent(data: data, event: "tick", id: "2"))
                        }
                        try await events.send(ServerSentEvent(data: "one\r\ntwo", retry: .milliseconds(10)))
                        try await events.send(ServerSentEvent(data: "first", event: "tick", id: "1"))
                        // The end of the stream makes the browser connect anew.
                    }
                })
            webSocket("echo/", echoMessages, settings: WebSocketSettings(subprotocols: ["chat.v1"]))
            webSocket(
                "bye/",
                { (_: Request, socket: WebSocket) in
                    try await socket.close(WebSocketCloseCode(rawValue: 4001), reason: "bye")
                })
            path(
                "report/",
                { request in
                    report.give(String(decoding: try await request.body.collect(), as: UTF8.self))
                    return Response("")
                })
        }
    }

    private static let page = """
        <!doctype html>
        <meta charset="utf-8">
        <title>Test</title>
        <pre></pre>
        <script>
        const output = document.querySelector("pre");
        const say = line => { output.textContent += (output.textContent ? "\\n" : "") + line; };
        const root = host => "ws://" + host + ":" + location.port;

        const source = new EventSource("/events/");
        source.onmessage = event => say(`message:${event.data}:${event.lastEventId}`);
        source.addEventListener("tick", event => {
            say(`tick:${event.data}:${event.lastEventId}`);
            if (event.lastEventId === "2") { source.close(); echo(); }
        });

        function echo() {
            const socket = new WebSocket(root(location.hostname) + "/echo/", ["chat.v1", "other"]);
            socket.binaryType = "arraybuffer";
            socket.onopen = () => { say(`open:${socket.protocol}:${socket.extensions}`); socket.send("é€😀"); };
            socket.onmessage = ({data}) => {
                if (typeof data === "string") { say("text:" + data); socket.send(new Uint8Array([0, 255])); }
                else { say("binary:" + new Uint8Array(data)); socket.close(4000, "done"); }
            };
            socket.onclose = event => { say(`close:${event.code}:${event.reason}:${event.wasClean}`); otherSite(); };
        }

        // To this page, the same server under another name is another site.
        function otherSite() {
            const socket = new WebSocket(root("localhost") + "/echo/");
            socket.onopen = () => say("other site: let in");
            socket.onclose = event => { say("other site:" + event.code); serverCloses(); };
        }

        function serverCloses() {
            const socket = new WebSocket(root(location.hostname) + "/bye/");
            socket.onclose = event => {
                say(`server closes:${event.code}:${event.reason}:${event.wasClean}`);
                fetch("/report/", {method: "POST", body: output.textContent});
            };
        }
        </script>
        """

    /// Scripts/requirements installs it for the tests.
    private static func findBrowser() throws -> String {
        let names = ["chromium", "chromium-browser", "google-chrome"]
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        let candidates = names.flatMap { name in folders.map { "\($0)/\(name)" } }
        guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            try Test.notRun("no Chromium on PATH: install the package chromium")
        }
        return found
    }
}
