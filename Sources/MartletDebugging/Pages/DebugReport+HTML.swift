import MartletReporting
import MartletRouting

extension DebugReport {
    /// The report as a page of its own.
    var html: String {
        var html = HTMLText()
        html.tag("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        html.tag("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        html.tag("<meta name=\"robots\" content=\"noindex\">\n")
        html.element("<title>", "\(title) at \(request.path)", "</title>\n<style>")
        html.style()
        html.tag("</style>\n</head>\n<body>\n")
        writeHead(&html)
        html.tag("<main>\n")
        writeNavigation(&html)
        writeRoutes(&html)
        writeTemplate(&html)
        writePlace(&html)
        writeChain(&html)
        writeStatements(&html)
        writeRequest(&html)
        writeSettings(&html)
        html.tag("</main>\n<footer><p>This page is here because DEBUG is on. ")
        html.tag("Without it, visitors see the page of the status, and nothing of this. ")
        html.tag("DEBUG_PAGE=false shows that page now.</p></footer>\n</body>\n</html>\n")
        return html.html
    }

    /// What stands above all: the type of the error, or the status where the error is no more than that.
    var title: String {
        let type = chain.links.first?.type ?? ""
        return type == "MartletHTTP.HTTPError" || type.isEmpty ? "\(page.status)" : type
    }

    /// What the error says, without the status that the title has.
    var message: String {
        title == "\(page.status)" ? page.message : chain.links.first?.message ?? page.message
    }

    private func writeHead(_ html: inout HTMLText) {
        html.tag("<header><div>")
        if title != "\(page.status)" { html.element("<p>", "\(page.status)", "</p>\n") }
        html.element("<h1>", title, "</h1>\n")
        html.element("<p class=\"message\">", message, "</p>\n")
        html.element("<p class=\"request\">", "\(request.method) \(request.url)", "</p></div></header>\n")
    }

    private func writeNavigation(_ html: inout HTMLText) {
        html.tag("<nav aria-label=\"Parts of this page\">")
        if !attempts.isEmpty { html.tag("<a href=\"#routes\">Routes</a>") }
        if template != nil { html.tag("<a href=\"#template\">Template</a>") }
        if !frames.isEmpty || route != nil { html.tag("<a href=\"#source\">Source</a>") }
        if chain.links.count > 1 { html.tag("<a href=\"#causes\">Causes</a>") }
        if !statements.isEmpty { html.tag("<a href=\"#sql\">SQL</a>") }
        html.tag("<a href=\"#request\">Request</a><a href=\"#settings\">Settings</a></nav>\n")
    }

    private func writePlace(_ html: inout HTMLText) {
        html.section("<section id=\"source\">", "Source") { html in
            if let place {
                html.element("<p>Thrown in <code>", place.function, "</code>")
                html.element(", <code>", "\(place.file):\(place.line)", "</code></p>\n")
            }
            if let excerpt { html.excerpt(excerpt) }
            if let route {
                html.element("<p>The route <code>", "/" + route.pattern, "</code>")
                html.element(" is declared at <code>", "\(route.file):\(route.line)", "</code>.</p>\n")
            }
            guard !frames.isEmpty else { return }
            html.tag("<details><summary>All calls, the innermost first</summary>\n<ol class=\"mono\">")
            for frame in frames {
                html.tag(frame.isOwn ? "<li>" : "<li class=\"faint\">")
                html.text(frame.function)
                html.element("<br><span class=\"faint\">", "\(frame.file):\(frame.line)", "</span></li>\n")
            }
            html.tag("</ol></details>\n")
        }
    }

    private func writeTemplate(_ html: inout HTMLText) {
        guard let template else { return }
        html.section("<section id=\"template\">", "Template") { html in
            html.element("<p><code>", template.name, "</code>")
            if template.line > 0 { html.text(", line \(template.line)") }
            if !template.tag.isEmpty { html.element(": <code>", template.tag, "</code>") }
            html.tag("</p>\n")
            if let excerpt = template.excerpt { html.excerpt(excerpt) }
        }
    }

    private func writeChain(_ html: inout HTMLText) {
        guard chain.links.count > 1 else { return }
        html.section("<section id=\"causes\">", "Causes") { html in
            html.tag("<ol>")
            for link in chain.links {
                html.element("<li><code>", link.type, "</code>")
                html.element("<pre class=\"wrap\">", link.message, "</pre></li>\n")
            }
            html.tag("</ol>\n")
        }
    }

    private func writeRoutes(_ html: inout HTMLText) {
        guard !attempts.isEmpty else { return }
        html.section("<section id=\"routes\">", "Routes") { html in
            html.element("<p>No pattern matches <code>", request.path, "</code>. ")
            html.tag("They were tried in this order; how much of the path agreed is marked.</p>\n")
            html.tag(
                "<div class=\"wide\"><table class=\"list\"><thead><tr><th>Pattern</th><th>Name</th><th>Agreed</th>")
            html.tag("<th>Declared at</th></tr></thead>\n<tbody>\n")
            for attempt in attempts {
                html.element("<tr><td class=\"mono\">", "/" + attempt.route.pattern, "</td>")
                html.element("<td>", attempt.route.name ?? "", "</td>")
                html.tag("<td class=\"mono\">")
                if attempt.matched.utf8.count > 1 { html.element("<span class=\"part\">", attempt.matched, "</span>") }
                let declaration = "\(attempt.route.file):\(attempt.route.line)"
                html.element("</td><td class=\"mono faint\">", declaration, "</td></tr>\n")
            }
            html.tag("</tbody></table></div>\n")
        }
    }

    private func writeStatements(_ html: inout HTMLText) {
        guard !statements.isEmpty else { return }
        html.section("<section id=\"sql\">", "SQL") { html in
            html.element("<p>", statementSummary, "</p>\n")
            html.tag("<div class=\"wide\"><table class=\"list\"><thead>")
            html.tag("<tr><th>Time</th><th>Result</th><th>Statement</th></tr></thead>\n<tbody>\n")
            for statement in statements {
                html.element("<tr><td class=\"mono\">", "\(statement.duration.inMilliseconds)\u{A0}ms", "</td>")
                let rows = "\(statement.rows)\u{A0}row\(statement.rows == 1 ? "" : "s")"
                html.element("<td class=\"mono\">", rows, "</td><td class=\"mono\">")
                html.text(statement.sql)
                if statement.alike > 1 {
                    html.element("<br><span class=\"faint\">", "one of \(statement.alike) alike", "</span>")
                }
                if let error = statement.error { html.element("<br><span class=\"bad\">", error, "</span>") }
                html.tag("</td></tr>\n")
            }
            html.tag("</tbody></table></div>\n")
        }
    }

    private func writeRequest(_ html: inout HTMLText) {
        html.section("<section id=\"request\">", "Request") { html in
            for (title, fields) in requestParts { html.fields(title, fields) }
        }
    }

    private func writeSettings(_ html: inout HTMLText) {
        html.section("<section id=\"settings\">", "Settings") { html in
            html.tag("<details><summary>All settings; secrets are hidden</summary>\n")
            html.fields(nil, settings.entries.map { ($0.name, $0.value) })
            html.tag("</details>\n")
        }
    }
}
