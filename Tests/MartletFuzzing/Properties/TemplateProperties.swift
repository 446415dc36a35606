import MartletTemplates

/// Text from people stays text on a page, whatever filters it goes through.
enum TemplateProperties {
    /// What may come out: filters that make tags of their own write these.
    private struct Page: Sendable {
        let name: String
        let template: String
        let tags: [String]
    }

    private static let pages = [
        Page(name: "plain", template: "{{ v }}", tags: []),
        Page(name: "escape", template: "{% autoescape off %}{{ v|force_escape }}{% endautoescape %}", tags: []),
        Page(name: "script", template: "{% autoescape off %}{{ v|escapejs }}{% endautoescape %}", tags: []),
        Page(name: "lines", template: "{{ v|linebreaks }}", tags: ["<p>", "</p>", "<br>"]),
        Page(name: "breaks", template: "{{ v|linebreaksbr }}", tags: ["<br>"]),
        Page(name: "words", template: "{{ v|truncatewords:3|wordwrap:5|title|capfirst }}", tags: []),
        Page(name: "characters", template: "{{ v|truncatechars:9|ljust:12|center:14|cut:'a' }}", tags: []),
        Page(name: "slug", template: "{{ v|slugify }} {{ v|urlencode }} {{ v|iriencode }}", tags: []),
        Page(name: "numbers", template: "{{ v|floatformat:2 }} {{ v|filesizeformat }} {{ v|add:1 }}", tags: []),
        Page(name: "strip", template: "{{ v|striptags }} {{ v|addslashes }} {{ v|slice:'1:5' }}", tags: []),
        Page(name: "html", template: "{{ v|truncatewords_html:3 }} {{ v|truncatechars_html:9 }}", tags: []),
    ]

    private static let engine = TemplateEngine(loaders: [
        .memory(Dictionary(uniqueKeysWithValues: pages.map { ($0.name, $0.template) }))
    ])

    @Sendable static func check(_ input: [UInt8]) {
        let value = String(decoding: input.prefix(2_000), as: UTF8.self)
        for page in pages {
            guard let text = try? engine.render(page.name, ["v": value]) else { continue }
            // Bytes: a combining mark behind a tag makes another character of its end.
            let rest = page.tags.reduce(text) { $0.split(separator: Array($1.utf8)).flatMap(\.self) }
            let open = rest.contains { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }
            require(!open, "\(page.name) of \(value.debugDescription) is \(String(decoding: text, as: UTF8.self))")
        }
    }
}
