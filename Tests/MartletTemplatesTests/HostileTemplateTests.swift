import Foundation
import Synchronization
import Testing

@testable import MartletTemplates

/// Templates and values that try to exhaust the stack, the memory or the patience of the process.
@Suite struct HostileTemplateTests {
    /// Nested in something 100,000 times.
    static let nestings: [(name: String, open: String, close: String, problem: String)] = [
        ("if", "{% if t %}", "{% endif %}", "nested more than"),
        ("for", "{% for v in l %}", "{% endfor %}", "nested more than"),
        ("with", "{% with v=1 %}", "{% endwith %}", "nested more than"),
        ("filter", "{% filter upper %}", "{% endfilter %}", "nested more than"),
        ("autoescape", "{% autoescape off %}", "{% endautoescape %}", "nested more than"),
        ("spaceless", "{% spaceless %}", "{% endspaceless %}", "nested more than"),
        ("ifchanged", "{% ifchanged %}", "{% endifchanged %}", "nested more than"),
    ]

    @Test(arguments: nestings)
    func `tags nested without end are refused`(_ example: (name: String, open: String, close: String, problem: String))
    {
        let depth = 100_000
        let text = String(repeating: example.open, count: depth) + String(repeating: example.close, count: depth)
        #expect(onSmallStack { failure(text, ["l": [1], "t": true]) }.contains(example.problem))
    }

    @Test func `blocks nested without end are refused`() {
        let text = (0..<100_000).map { "{% block b\($0) %}" }.joined()
        #expect(onSmallStack { failure(text) }.contains("nested more than"))
    }

    @Test func `conditions with too many words are refused`() {
        for text in ["not ", "t and ", "t == ", "( "] {
            let condition = String(repeating: text, count: 100_000) + "t"
            #expect(
                onSmallStack { failure("{% if \(condition) %}{% endif %}") }.contains("The condition has more than"))
        }
    }

    @Test func `the deepest nesting that is accepted fits on a small stack`() throws {
        let depth = 49
        for tags in Self.nestings {
            let text = String(repeating: tags.open, count: depth) + "x" + String(repeating: tags.close, count: depth)
            let result = onSmallStack { (try? rendered(text, ["l": [1], "t": true])) ?? "failed" }
            #expect(result.lowercased() == "x", "\(tags.name)")
        }
        let condition = String(repeating: "not ", count: 98) + "t"
        #expect(onSmallStack { (try? rendered("{% if \(condition) %}x{% endif %}", ["t": true])) ?? "failed" } == "x")
        let list = Array(repeating: "t", count: 200).joined(separator: " and ")
        #expect(onSmallStack { (try? rendered("{% if \(list) %}x{% endif %}", ["t": true])) ?? "failed" } == "x")
    }

    @Test func `templates that include themselves end in an error`() {
        let bodies = [
            "{% include 'page' %}", "{% include 'a' %}",
            "{% for v in l %}{% with a=1 %}{% include 'page' %}{% endwith %}{% endfor %}",
        ]
        for body in bodies {
            let engine = TemplateEngine(loaders: [
                .memory(["page": body, "a": "{% if 1 %}{% include 'page' %}{% endif %}"])
            ])
            let error = onSmallStack { message { try engine.renderText("page", ["l": [1]]) } }
            #expect(error.contains("include each other more than") || error.contains("nested more than"), "\(error)")
        }
    }

    @Test func `many tags around a template that includes itself fit on a small stack`() {
        let depth = 45
        let page =
            String(repeating: "{% if 1 %}", count: depth) + "{% include 'page' %}"
            + String(repeating: "{% endif %}", count: depth)
        let engine = TemplateEngine(loaders: [.memory(["page": page])])
        #expect(onSmallStack { message { try engine.renderText("page") } }.contains("nested more than"))
    }

    @Test func `templates that extend each other end in an error`() {
        let engine = TemplateEngine(loaders: [
            .memory(["a": "{% extends 'b' %}", "b": "{% extends 'c' %}", "c": "{% extends 'a' %}"])
        ])
        #expect(message { try engine.renderText("a") }.contains("extend each other in a circle: a → b → c → a"))
    }

    /// Lines that a lexer with a search for each opening would take minutes for.
    @Test(arguments: ["{{", "{%", "{#", "{{ a ", "{% a #", "{", "}}"])
    func `a long line of openings is plain text`(_ text: String) throws {
        let line = String(repeating: text, count: 500_000)
        #expect(try rendered(line) == line)
    }

    @Test func `a long expression is read or refused in time`() throws {
        #expect(try rendered("{{ a" + String(repeating: "|upper", count: 20_000) + " }}", ["a": "x"]) == "X")
        #expect(try rendered("{{ a" + String(repeating: ".b", count: 20_000) + " }}", ["a": "x"]) == "")
        #expect(failure("{{ a" + String(repeating: "(", count: 100_000) + " }}").contains("Could not read"))
    }

    @Test func `huge text passes through filters in time`() throws {
        let words = String(repeating: "word <b>&</b> http://a.b/c ((( ", count: 20_000)
        for filter in [
            "upper", "title", "striptags", "urlize", "linebreaks", "truncatewords:5", "wordwrap:80", "slugify",
            "escapejs", "json_script",
        ] {
            #expect(try !rendered("{{ v|\(filter) }}", ["v": words]).isEmpty, "\(filter)")
        }
        for text in [
            String(repeating: "<", count: 200_000), String(repeating: "<!--", count: 50_000),
            String(repeating: "<a", count: 100_000) + ">",
        ] {
            #expect(try rendered("{{ v|striptags|length }}", ["v": text]) != "")
        }
        let brackets = String(repeating: "(", count: 2000) + "a.com" + String(repeating: ")", count: 2000)
        #expect(try rendered("{{ v|urlize|length }}", ["v": String(repeating: brackets + " ", count: 20)]) != "")
    }

    @Test(arguments: [
        "center", "ljust", "rjust", "stringformat", "floatformat", "truncatechars", "get_digit", "wordwrap",
    ])
    func `a width from outside does not fill the memory`(_ filter: String) throws {
        for width in ["9223372036854775807", "-9223372036854775808", "99999999999999999999", "1000000000"] {
            let text = try? rendered("{{ 5|\(filter):w }}", ["w": width])
            #expect((text ?? "").utf8.count <= 200_000, "\(width)")
        }
    }

    @Test func `numbers at the edge do not overflow`() throws {
        let context: TemplateContext = [
            "a": Int.max, "b": Int.min, "c": UInt64.max, "d": Double.infinity, "e": Double.nan, "f": -1,
        ]
        let text = """
            {{ a|add:1 }} {{ b|add:f }} {{ c }} {{ d }} {{ e }} {{ a|floatformat:2 }} {{ d|floatformat }} {{ b|filesizeformat }} \
            {{ b|divisibleby:f }} {% widthratio a f a %} {{ b|stringformat:"d" }} {{ e|stringformat:".2f" }} {{ d|add:1 }}
            """
        #expect(try rendered(text, context).contains("18446744073709551615"))
    }

    @Test(arguments: [
        "1e-9223372036854775808", "1e9223372036854775807", "1e400", "-", "+", ".", "e", "1e", "nan", "inf", "0x10",
        "١٢", "1_0",
    ])
    func `text that is almost a number does not stop a filter`(_ text: String) throws {
        for filter in [
            "floatformat:2", "floatformat:'2g'", "add:1", "filesizeformat", "get_digit:1", "stringformat:'d'",
            "stringformat:'.2f'", "pluralize", "intcomma",
        ] {
            #expect(try rendered("{{ v|\(filter) }}", ["v": text]).utf8.count < 1000, "\(filter)")
        }
        for value in [Double.infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude] {
            #expect(
                try rendered(
                    "{{ v }}{{ v|floatformat:3 }}{{ v|stringformat:'.3f' }}{{ v|filesizeformat }}", ["v": value]) != "")
        }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300, 253_402_300_800])
    func `a date beyond the calendar is written as its end`(_ seconds: Double) throws {
        let context: TemplateContext = ["d": Date(timeIntervalSince1970: seconds), "e": Date(timeIntervalSince1970: 0)]
        let text =
            "{{ d }} {{ d|date:'c r U N o W z' }} {{ d|timesince:e }} {{ e|timesince:d }} {{ d|json_script }} {{ d.year }}"
        #expect(try rendered(text, context).utf8.count > 20)
    }

    static let edgeValues: [TemplateValue] = [
        .null, .string(""), .int(.min), .int(.max), .double(.nan), .double(-.infinity), .decimal(.nan),
        .decimal(.greatestFiniteMagnitude), .string("1e-9223372036854775808"), .string("www.example.com/aaaa"),
        .date(.distantPast), .list([]), .list(["a", 1, .null]),
    ]

    static let edgeArguments: [TemplateValue] = [
        .null, .int(.min), .int(.max), 0, -1, .double(.nan), "-9223372036854775808", "::-9223372036854775808",
        "9223372036854775807:", ".999999999f",
    ]

    @Test(arguments: TemplateLibrary.standard.filters.keys.sorted())
    func `no filter stops the process at the edge of its values and arguments`(_ filter: String) {
        let plain = TemplateEngine(loaders: [.memory(["page": "{{ v|\(filter) }}"])])
        let given = TemplateEngine(loaders: [.memory(["page": "{{ v|\(filter):a }}"])])
        for value in Self.edgeValues {
            let text = message { try plain.renderText("page", ["v": value]) }
            #expect(text.utf8.count <= 200_000)
            for argument in Self.edgeArguments {
                let text = message { try given.renderText("page", ["v": value, "a": argument]) }
                #expect(text.utf8.count <= 200_000, "\(argument.text)")
            }
        }
    }

    @Test func `a number of many digits is grouped in time`() throws {
        let digits = String(repeating: "1", count: 400_000)
        #expect(try rendered("{{ v|intcomma|length }}", ["v": digits]) == "533333")
    }

    @Test func `a range of a million is walked, a longer one cut`() throws {
        #expect(try rendered("{{ r|length }}", ["r": 0..<2_000_000]) == "1000000")
    }
}

/// What `body` gives on a thread with half a megabyte of stack, as a worker may have.
private func onSmallStack(_ body: @escaping @Sendable () -> String) -> String {
    let done = DispatchSemaphore(value: 0)
    let result = Result()
    let thread = Thread {
        result.set(body())
        done.signal()
    }
    thread.stackSize = 512 << 10
    thread.start()
    done.wait()
    return result.get()
}

private final class Result: Sendable {
    private let text = Mutex("")

    func set(_ text: String) { self.text.withLock { $0 = text } }
    func get() -> String { text.withLock { $0 } }
}

/// The error that `body` throws, as text.
func message(_ body: () throws -> String) -> String {
    do {
        return "no error: " + (try body())
    } catch {
        return "\(error)"
    }
}
