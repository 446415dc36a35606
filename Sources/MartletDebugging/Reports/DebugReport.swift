import Dispatch
package import MartletHTTP
import MartletORM
package import MartletReporting
package import MartletRouting
package import MartletTemplates

/// Everything that the debug page tells about an error.
package struct DebugReport: Sendable {
    /// A statement of the request, without its values, which are private.
    package struct Statement: Sendable {
        /// The SQL text.
        package let sql: String
        /// How long it took.
        package let duration: Duration
        /// How many rows were read or changed.
        package let rows: Int
        /// What went wrong.
        package let error: String?
        /// How many statements of the request have the same text.
        package let alike: Int
    }

    /// The place in a template where it went wrong.
    package struct TemplatePlace: Sendable {
        /// The template's name.
        package let name: String
        /// The line; 0 for the template as a whole.
        package let line: Int
        /// The tag or variable.
        package let tag: String
        /// The lines around it.
        package let excerpt: SourceExcerpt?
    }

    /// What the client gets told in production.
    package let page: ErrorPage
    /// The error and its causes.
    package let chain: ErrorChain
    /// The calls that were under way when it was thrown, the innermost first; empty where that is not known.
    package let frames: [StackFrame]
    /// The lines around the innermost call of the application.
    package let excerpt: SourceExcerpt?
    /// The place in a template, for an error of one.
    package let template: TemplatePlace?
    /// The route that matched.
    package let route: RouteInfo?
    /// The routes that were tried where none matched.
    package let attempts: [RouteAttempt]
    /// The request.
    package let request: RequestSummary
    /// The identifier of the request.
    package let requestID: String?
    /// The statements that ran, in the order they ended.
    package let statements: [Statement]
    /// The site's settings, secrets hidden.
    package let settings: SettingsListing

    /// The innermost call of the application.
    package var place: StackFrame? { frames.first { $0.isOwn } }

    /// Collects what is known; reads sources and debug information, on a thread where that may block.
    ///
    /// - Parameters:
    ///   - templates: Where the text of a template is found.
    ///   - requestID: The identifier of the request.
    ///   - settings: Any struct with settings.
    package init(
        _ page: ErrorPage, _ request: Request, requestID: String?, templates: TemplateEngine, settings: SettingsListing
    ) async {
        self.page = page
        self.requestID = requestID
        self.settings = settings
        self.request = RequestSummary(request)
        chain = ErrorChain(page.error)
        route = request.route
        attempts = route == nil ? RouteMatch.table(of: request)?.attempts(at: request.path) ?? [] : []
        let recording = DebugRecording.current
        statements = Self.statements(recording?.statements.statements ?? [])
        // No route has nothing to do with any line of source.
        let hasSource = route != nil || page.status != .notFound
        let traces = hasSource ? recording?.recorder.traces(of: page.error) ?? [] : []
        (frames, excerpt, template) = await Self.onThreadThatMayBlock { [error = page.error] in
            let frames = StackFrame.frames(ofFirst: traces)
            let excerpt = frames.first { $0.isOwn }.flatMap { SourceExcerpt(ofFile: $0.file, line: $0.line) }
            return (frames, excerpt, Self.place(of: error, templates))
        }
    }

    private static func statements(_ events: [StatementEvent]) -> [Statement] {
        let counts = Dictionary(events.map { ($0.sql, 1) }, uniquingKeysWith: +)
        return events.map { event in
            Statement(
                sql: event.sql, duration: event.duration, rows: event.rows, error: event.error.map { "\($0)" },
                alike: counts[event.sql] ?? 1)
        }
    }

    private static func place(of error: any Error, _ templates: TemplateEngine) -> TemplatePlace? {
        guard let error = error as? TemplateError else { return nil }
        let excerpt = templates.source(of: error.template).flatMap { SourceExcerpt(of: $0, line: error.line) }
        return TemplatePlace(name: error.template, line: error.line, tag: error.tag, excerpt: excerpt)
    }

    private static func onThreadThatMayBlock<Value: Sendable>(
        _ work: @escaping @Sendable () -> Value
    ) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "martlet.debugging").async { continuation.resume(returning: work()) }
        }
    }
}
