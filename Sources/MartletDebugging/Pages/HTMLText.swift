import MartletTemplates

/// HTML in the making. What comes from elsewhere goes through ``text(_:)``; tags are literals.
struct HTMLText {
    private(set) var html = ""

    /// Appends tags.
    mutating func tag(_ literal: StaticString) {
        html += literal.description
    }

    /// Appends the page's own style, whose hash must not change by escaping.
    mutating func style() {
        html += DebugStyle.css
    }

    /// Appends text of any origin, escaped.
    mutating func text(_ text: String) {
        html += escapeHTML(text)
    }

    /// Appends an attribute: its beginning with the quote, and its value.
    mutating func attribute(_ open: StaticString, _ value: String) {
        element(open, value, "\"")
    }

    /// Appends what was written elsewhere by the same rules.
    mutating func append(_ other: HTMLText) {
        html += other.html
    }

    /// Appends text inside of an element.
    mutating func element(_ open: StaticString, _ content: String, _ close: StaticString) {
        tag(open)
        text(content)
        tag(close)
    }

    /// Appends a section with a heading; nothing where it has no content.
    mutating func section(_ open: StaticString, _ title: String, _ content: (inout HTMLText) -> Void) {
        var inner = HTMLText()
        content(&inner)
        guard !inner.html.isEmpty else { return }
        tag(open)
        element("<h2>", title, "</h2>\n")
        html += inner.html
        tag("</section>\n")
    }

    /// Appends names with their values; nothing where there are none.
    mutating func fields(_ title: String?, _ fields: [(String, String)]) {
        guard !fields.isEmpty else { return }
        if let title { element("<h3>", title, "</h3>\n") }
        tag("<table class=\"fields\">")
        for (name, value) in fields {
            element("<tr><th>", name, "</th>")
            element("<td class=\"mono\">", value, "</td></tr>\n")
        }
        tag("</table>\n")
    }

    /// Appends lines of source with their numbers.
    mutating func excerpt(_ excerpt: SourceExcerpt) {
        tag("<pre>")
        for line in excerpt.lines {
            tag(line.number == excerpt.marked ? "<span class=\"here\"><i>" : "<span><i>")
            text("\(line.number)")
            element("</i>", line.text, "</span>")
        }
        tag("</pre>\n")
    }
}
