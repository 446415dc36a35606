import MartletHTTP

/// A page of the toolbar: what there is to see, and one panel or all of them.
struct ToolbarPage {
    /// The way to a panel.
    struct Link {
        let panel: Panel
        let address: String
    }

    let title: String
    let subtitle: String?
    let navigation: [Link]
    let panels: [Panel]
    var current: String?
    /// Where a page without a navigation leads back to.
    var back: String?

    func response(_ status: HTTPStatus = .ok) -> Response { .html(html, status: status) }

    private var html: String {
        var html = HTMLText()
        html.tag("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        html.tag("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        html.tag("<meta name=\"robots\" content=\"noindex\">\n")
        html.element("<title>", "\(title) · Debug", "</title>\n<link rel=\"stylesheet\"")
        html.attribute(" href=\"", ToolbarAsset.style.address)
        html.tag(">\n</head>\n<body class=\"martlet\">\n")
        html.element("<header><h1>", title, "</h1>\n")
        html.element("<p>", subtitle ?? "", "</p></header>\n")
        writeNavigation(&html)
        html.tag("<main>\n")
        for panel in panels { panel.writeSection(&html) }
        html.tag("</main>\n</body>\n</html>\n")
        return html.html
    }

    private func writeNavigation(_ html: inout HTMLText) {
        if let back {
            html.tag("<nav aria-label=\"Panels\"><a")
            html.attribute(" href=\"", back)
            html.tag("><b>Back</b></a></nav>\n")
        }
        guard !navigation.isEmpty else { return }
        html.tag("<nav aria-label=\"Panels\">")
        for link in navigation {
            html.tag("<a")
            html.attribute(" href=\"", link.address)
            html.attribute(" data-panel=\"", link.panel.name)
            if link.panel.hasTrouble { html.tag(" class=\"trouble\"") }
            if link.panel.name == current { html.tag(" aria-current=\"page\"") }
            html.element("><b>", link.panel.title, "</b>")
            html.element("<span>", link.panel.summary, "</span></a>\n")
        }
        html.tag("</nav>\n")
    }
}
