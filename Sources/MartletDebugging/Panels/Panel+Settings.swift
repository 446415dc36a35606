extension Panel {
    /// The settings as `manage settings` prints them.
    static func settings(_ facts: RequestFacts) -> Panel {
        let settings = facts.rules.settings
        return Panel(name: "settings", title: "Settings", summary: "\(settings.count)") { html in
            var section = ""
            for setting in settings {
                if setting.section != section {
                    if !section.isEmpty { html.tag("</table>\n") }
                    section = setting.section
                    html.element("<h3>", section, "</h3>\n<table class=\"fields\">")
                }
                html.element("<tr><th class=\"mono\">", setting.name, "</th>")
                html.element("<td class=\"mono\">", setting.value, "</td>")
                html.element("<td class=\"faint\">", setting.origin, "</td></tr>\n")
            }
            if !section.isEmpty { html.tag("</table>\n") }
        }
    }
}
