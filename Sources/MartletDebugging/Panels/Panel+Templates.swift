import MartletTemplates

extension Panel {
    /// The templates, each with those that it extends and includes.
    static func templates(_ facts: RequestFacts) -> Panel {
        let (templates, sum) = (facts.content.templates, facts.content.templateSum)
        return Panel(
            name: "templates", title: "Templates", summary: "\(sum.count) in \(sum.time.inMilliseconds)\u{A0}ms",
            hasTrouble: templates.contains(where: \.hasFailed)
        ) { html in
            guard sum.count > 0 else { return html.note("No template was rendered.") }
            html.tag("<ul class=\"tree\">")
            for template in templates { write(template, &html) }
            html.tag("</ul>\n")
            html.omission(templates.count, of: sum.count, "rendering")
        }
    }

    private static func write(_ template: RenderedTemplate, _ html: inout HTMLText) {
        html.element("<li><span class=\"mono\">", template.name, "</span> ")
        html.element("<span class=\"faint\">", "\(template.duration.inMilliseconds)\u{A0}ms", "</span>")
        if template.hasFailed { html.tag(" <span class=\"bad\">failed</span>") }
        if !template.parents.isEmpty {
            html.element("<br><span class=\"faint\">", "extends " + template.parents.joined(separator: ", "), "</span>")
        }
        if !template.names.isEmpty {
            html.element("<br><span class=\"faint\">", "sees " + template.names.joined(separator: ", "), "</span>")
        }
        if !template.includes.isEmpty {
            html.tag("<ul>")
            for inner in template.includes { write(inner, &html) }
            html.tag("</ul>")
        }
        html.tag("</li>\n")
    }
}
