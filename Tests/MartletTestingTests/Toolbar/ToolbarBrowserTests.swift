import Foundation
import Glibc
import MartletHTTP
import MartletRouting
import MartletSite
import MartletTesting
import Synchronization
import TestPrograms
import Testing

/// The toolbar in a real browser, on a page with the strictest of policies.
@Suite struct ToolbarBrowserTests {
    /// What the page has told, once it has.
    private final class Report: Sendable {
        private let (stream, continuation) = AsyncStream.makeStream(of: String.self)

        func give(_ text: String) {
            continuation.yield(text)
            continuation.finish()
        }

        var text: String? {
            get async {
                for await text in stream { return text }
                return nil
            }
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `a browser opens panels, gets a plan, and has no complaint about the policy`() async throws {
        let browser = try Self.findBrowser()
        let report = Report()
        let site = try ToolbarSite(urls: Self.urls(report))
        let told = try await site.tests.withLiveServer { server in
            try await ToolbarSite.makeTable(server.site)
            let folder = try TemporaryFolder()
            let process = try Program(
                browser,
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                    "--disable-background-networking", "--user-data-dir=\(folder.path)", "\(server.url)/driven/",
                ])
            async let end: Void = process.ended()
            Task {
                await process.ended()
                report.give("The browser ended.")
            }
            let text = await report.text
            process.send(SIGTERM)
            await end
            withExtendedLifetime(folder) {}
            return text
        }
        withExtendedLifetime(site) {}
        #expect(told == Self.expected)
    }

    static let expected = """
        button: Debug, closed
        bar: Time, SQL, Cache, Templates, Log, Request, Headers, Settings, History
        the page's style: red, fixed, shown
        SQL: 8 forms, expanded
        trouble: SQL
        plan: SEARCH aviary_bird
        Escape: hidden, SQL has the focus
        history: GET /data/
        a request of the history: GET /data/
        remembered: true, open
        """

    private static func urls(_ report: Report) -> URLs {
        URLs {
            path(
                "driven/",
                { request in
                    _ = try await ToolbarSite.page(request)
                    var response = Response.html(page)
                    response.headers.setUnchecked(
                        .contentSecurityPolicy, "default-src 'self'; require-trusted-types-for 'script'")
                    return response
                })
            path("page.css", { _ in Response(content: Array(style.utf8), contentType: MediaType(literal: "text/css")) })
            path(
                "drive.js",
                { _ in Response(content: Array(script.utf8), contentType: MediaType(literal: "text/javascript")) })
            path(
                "report/",
                { request in
                    report.give(String(decoding: try await request.body.collect(), as: UTF8.self))
                    return Response("")
                }
            ).csrfExempt()
        }
    }

    private static let page = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Driven</title>
        <link rel="stylesheet" href="/page.css"><script src="/drive.js" defer></script></head>
        <body><button>The page's own</button></body></html>
        """

    /// What would make the toolbar useless, could it reach it.
    private static let style = """
        button, nav, section, table, div, form { display: none !important; color: red !important }
        .martlet, .dock, .sheet { visibility: hidden !important }
        body { background: red }
        """

    private static let script = #"""
        const said = [];
        const say = line => said.push(line);
        document.addEventListener("securitypolicyviolation",
            event => say(`violation: ${event.violatedDirective} ${event.blockedURI}`));
        window.addEventListener("error", event => say(`error: ${event.message}`));
        const until = async find => {
            for (let turn = 0; turn < 3000; turn++) {
                const found = find();
                if (found) return found;
                await new Promise(resolve => setTimeout(resolve, 20));
            }
            throw new Error(`nothing came: ${find}`);
        };
        const drive = async () => {
            const host = await until(() => document.querySelector("martlet-toolbar"));
            const root = await until(() => host.shadowRoot);
            const [handle, bar, content] = ["button.handle", "nav", ".content"].map(part => root.querySelector(part));
            const button = name => bar.querySelector(`[data-panel="${name}"]`);
            if (sessionStorage.getItem("said")) {
                said.unshift(...JSON.parse(sessionStorage.getItem("said")));
                await until(() => button("sql"));
                say(`remembered: ${localStorage.getItem("martlet-toolbar-open")}, ${bar.hidden ? "closed" : "open"}`);
                return true;
            }
            say(`button: ${handle.textContent}, ${handle.getAttribute("aria-expanded") === "true" ? "open" : "closed"}`);
            handle.click();
            await until(() => button("history"));
            say("bar: " + Array.from(bar.querySelectorAll("b"), title => title.textContent).join(", "));
            const dock = root.querySelector(".dock");
            await until(() => getComputedStyle(dock).position === "fixed");
            const own = getComputedStyle(document.querySelector("body > button"));
            const isShown = handle.getBoundingClientRect().height > 10 && getComputedStyle(dock).visibility === "visible";
            say(`the page's style: ${own.color === "rgb(255, 0, 0)" ? "red" : own.color}, ` +
                `${getComputedStyle(dock).position}, ${isShown ? "shown" : "hidden"}`);
            button("sql").focus();
            button("sql").click();
            await until(() => content.querySelector("#sql table"));
            say(`SQL: ${content.querySelectorAll("form").length} forms, ` +
                `${button("sql").getAttribute("aria-expanded") === "true" ? "expanded" : "not"}`);
            say("trouble: " + Array.from(bar.querySelectorAll(".trouble b"), title => title.textContent).join(", "));
            content.querySelector("form button").click();
            const plan = await until(() => content.querySelector("pre.plan"));
            say("plan: " + plan.textContent.split(" ").slice(0, 2).join(" "));
            root.querySelector(".close").dispatchEvent(
                new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }));
            say(`Escape: ${root.querySelector(".sheet").hidden ? "hidden" : "open"}, ` +
                `${root.activeElement === button("sql") ? "SQL" : "nothing"} has the focus`);
            await (await fetch("/data/")).text();
            button("history").click();
            await until(() => content.querySelector("#history table"));
            const link = await until(() => Array.from(content.querySelectorAll("a[data-request]"))
                .find(anchor => anchor.textContent === "GET /data/"));
            say(`history: ${link.textContent}`);
            link.click();
            await until(() => content.querySelector("#time"));
            button("request").click();
            const path = await until(() => content.querySelector("#request td.mono ~ td, #request tr:nth-child(2) td"));
            say(`a request of the history: GET ${path.textContent}`);
            sessionStorage.setItem("said", JSON.stringify(said));
            location.reload();
            return false;
        };
        drive().catch(error => { say(`failed: ${error.message}`); return true; }).then(isDone => {
            if (isDone) fetch("/report/", { method: "POST", body: said.join("\n") });
        });
        """#

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
