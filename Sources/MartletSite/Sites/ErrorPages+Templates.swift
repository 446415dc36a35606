import MartletDebugging
import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletRouting
import MartletShortcuts
import MartletTemplates

extension ErrorPages {
    /// Renders errors by the site's own templates, `404.html` and so on, where there is one; in debug mode by the debug
    /// page.
    ///
    /// The templates see `status`, `reason`, `message`, `path`, `request_id`, and in debug mode `exception`. Clients that
    /// want JSON get JSON.
    static func templates(_ engine: TemplateEngine, _ settings: Settings) -> ErrorPages {
        let listing = SettingsListing(reflecting: settings)
        return ErrorPages { request, page in
            if settings.showsDebugPage, page.isForDevelopers {
                let report = await DebugReport(
                    page, request, requestID: request.id, templates: engine, settings: listing)
                return try report.response(to: request)
            }
            let name = page.templateName
            guard let rendering = Rendering.current, !request.prefersJSONErrors, engine.hasTemplate(name)
            else { return page.standard(for: request) }
            do {
                let context = page.context(for: request, debug: settings.debug)
                var response = Response(
                    content: try rendering.bytes(request, name, context), contentType: .html, status: page.status)
                response.headers.addVary(.accept)
                return response
            } catch {
                log.error("error_template_failed", template: name, status: page.status.code, error: "\(error)")
                RunningSite.current?.report(error, request: request, extra: ["while rendering": name])
                return page.standard(for: request)
            }
        }
    }
}

extension ErrorPage {
    /// `404.html`; a refused CSRF token has a page of its own, `403_csrf.html`.
    fileprivate var templateName: String {
        error is CSRFFailure ? "403_csrf.html" : "\(status.code).html"
    }

    /// Whether the debug page stands in for the site's own: not for answers that a view or layer gives on purpose, such
    /// as 429.
    fileprivate var isForDevelopers: Bool {
        switch status {
        case .badRequest, .notFound, .methodNotAllowed, .internalServerError: true
        default: error is CSRFFailure || !(error is any HTTPResponseError)
        }
    }

    fileprivate func context(for request: Request, debug: Bool) -> TemplateContext {
        var context: TemplateContext = [
            "status": status.code, "reason": status.reason, "message": message, "path": request.path,
        ]
        if let id = request.id { context["request_id"] = .string(id) }
        // A layer's debugging aid must never be what tells strangers about the inside.
        if debug { context["exception"] = .string("\(error)") }
        return context
    }
}

private let log = Logger("martlet.site")
