import MartletTemplates
import Synchronization
import Testing

/// How long templates take, by a clock that moves a second with each look.
@Suite struct TemplateTimesTests {
    private final class Clock: Sendable {
        private let seconds = Mutex(0)
        private let start = ContinuousClock.now

        @Sendable func look() -> ContinuousClock.Instant {
            start
                + .seconds(
                    seconds.withLock { seconds in
                        seconds += 1
                        return seconds
                    })
        }
    }

    private static let templates = [
        "base.html": "<h1>{% block title %}{% endblock %}</h1>",
        "page.html": "{% extends \"base.html\" %}{% block title %}{% for bird in birds %}{% include \"card.html\" %}"
            + "{% endfor %}{% endblock %}",
        "card.html": "<p>{{ bird }}{% include \"leaf.html\" %}</p>", "leaf.html": "*",
        "failing.html": "{% include \"card.html\" %}{{ title|nosuch }}",
    ]

    private func render(_ name: String) -> (event: TemplateEvent?, root: RenderedTemplate?) {
        let events = Mutex<[TemplateEvent]>([])
        let roots = Mutex<[RenderedTemplate]>([])
        let engine = TemplateEngine(
            loaders: [.memory(Self.templates)], observer: { event in events.withLock { $0.append(event) } },
            now: Clock().look)
        TemplateListener.$current.withValue(TemplateListener { root in roots.withLock { $0.append(root) } }) {
            _ = try? engine.render(name, ["birds": ["swift", "martlet"]])
        }
        return (events.withLock { $0.first }, roots.withLock { $0.first })
    }

    @Test func `a template's time is its own and that of what it includes`() throws {
        let (event, root) = render("page.html")
        let page = try #require(root)
        #expect(page.name == "page.html" && page.parents == ["base.html"])
        let cards = page.includes
        #expect(cards.map(\.name) == ["card.html", "card.html"])
        // Each beginning and each end is one look at the clock: a leaf takes the second between its two.
        for card in cards {
            #expect(card.includes.map(\.name) == ["leaf.html"])
            #expect(card.includes.map(\.duration) == [.seconds(1)])
            #expect(card.duration == .seconds(3))
        }
        #expect(page.duration == .seconds(9))
        #expect(page.duration > cards.reduce(.zero) { $0 + $1.duration })
        #expect(try #require(event).duration == .seconds(11))
        #expect(event?.hasFailed == false)
    }

    @Test func `an engine that nobody listens to never looks at the clock`() throws {
        let looks = Mutex(0)
        let engine = TemplateEngine(
            loaders: [.memory(Self.templates)],
            now: {
                looks.withLock { $0 += 1 }
                return .now
            })
        TemplateListener.$current.withValue(TemplateListener { _ in Issue.record("heard without an observer") }) {
            #expect((try? engine.render("page.html", ["birds": ["swift"]])) != nil)
        }
        #expect(looks.withLock { $0 } == 0)
    }
}
