import MartletHTTP
import MartletMiddleware
import MartletRouting
import MartletShortcuts
import MartletTemplates

extension ErrorPages {
    /// Renders errors by the site's own templates, `404.html` and so on, where there is one.
    ///
    /// The templates see `status`, `message` and `path`. Clients that prefer JSON get JSON.
    ///
    /// - Parameter debug: Whether a server error shows what was thrown.
    static func templates(_ engine: TemplateEngine, debug: Bool) -> ErrorPages {
        ErrorPages { request, page in
            let message = debug && page.status.isServerError ? "\(page.error)" : page.message
            let shown = ErrorPage(status: page.status, message: message, error: page.error)
            let name = page.templateName
            guard let rendering = Rendering.current, !request.prefers(.json, over: .html), engine.hasTemplate(name)
            else { return shown.standard(for: request) }
            let context: TemplateContext = [
                "status": page.status.code, "message": message, "path": request.path,
            ]
            var response = Response(
                content: try rendering.bytes(request, name, context), contentType: .html, status: page.status)
            response.headers.addVary(.accept)
            return response
        }
    }
}

extension ErrorPage {
    /// `404.html`; a refused CSRF token has a page of its own, `403_csrf.html`.
    fileprivate var templateName: String {
        error is CSRFFailure ? "403_csrf.html" : "\(status.code).html"
    }
}
