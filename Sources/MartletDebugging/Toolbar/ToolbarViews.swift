import MartletHTTP
import MartletORM
import MartletRouting
import Runtime

/// The toolbar's own pages, each of them complete without a script.
struct ToolbarViews: Sendable {
    let store: RecordStore
    let rules: DebugToolbar.Rules

    var urls: URLs {
        URLs(namespace: "martlet-debug") {
            for asset in ToolbarAsset.all {
                path(asset.name, { request in asset.response(to: request) }).methods(.get)
            }
            path("", { _ in try .redirect(to: DebugToolbar.prefix + "requests/") }).methods(.get)
            path("latest/", latest).methods(.get)
            path("requests/", history).methods(.get)
            path("requests/<str:id>/", all).methods(.get)
            path("requests/<str:id>/<str:panel>/", one).methods(.get)
            path("requests/<str:id>/statements/<int:number>/explain/", explain).methods(.post)
        }
    }

    /// Leads to the newest request of a target: what a page without a script has a link to.
    @Sendable private func latest(_ request: Request) async throws -> Response {
        let target = request.query["target"]
        let record = store.newest.first { $0.content.request?.target == target && $0.content.response?.isPage == true }
        return try .redirect(to: record.map(Self.address) ?? DebugToolbar.prefix + "requests/")
    }

    @Sendable private func history(_ request: Request) async throws -> Response {
        let panel = Panel.history(store.newest, current: nil)
        return ToolbarPage(title: "Requests", subtitle: nil, navigation: [], panels: [panel]).response()
    }

    @Sendable private func all(_ request: Request, id: String) async throws -> Response {
        guard let facts = await facts(id, readsSources: true) else { return Self.gone }
        return page(facts, showing: nil)
    }

    @Sendable private func one(_ request: Request, id: String, panel: String) async throws -> Response {
        guard let facts = await facts(id, readsSources: panel == Panel.sqlName) else { return Self.gone }
        guard page(facts, knows: panel) else { throw HTTPError(.notFound, "There is no panel '\(panel)'.") }
        return page(facts, showing: panel)
    }

    /// Asks the database how it would run a statement that has been run. The client names the statement by its number:
    /// no SQL comes from it, and nothing but the plan is made.
    @Sendable private func explain(_ request: Request, id: String, number: Int) async throws -> Response {
        guard let record = store.record(id) else { return Self.gone }
        let statements = record.content.statements
        guard number >= 1, number <= statements.count else {
            throw HTTPError(.notFound, "The request has no statement \(number).")
        }
        let statement = statements[number - 1]
        guard statement.canBeExplained, let parameters = statement.parameters else {
            throw HTTPError(.badRequest, "Statement \(number) cannot be explained.")
        }
        let plan: Result<String, any Error>
        do {
            plan = .success(
                try await statement.database.use {
                    try await statement.database.explain(Statement(statement.sql, parameters))
                })
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            plan = .failure(error)
        }
        let panel = Panel.plan(statement, plan)
        return ToolbarPage(
            title: "Statement \(number)", subtitle: nil, navigation: [], panels: [panel], back: Self.address(record)
        ).response()
    }

    /// How long a panel waits for lines: longer would look broken.
    private static let sourcePatience = Duration.seconds(2)

    private func facts(_ id: String, readsSources: Bool) async -> RequestFacts? {
        guard let record = store.record(id) else { return nil }
        let content = record.content
        let traces = readsSources ? content.statements.map(\.trace) : []
        let (sources, isComplete) = await SourceLines.of(traces, within: Self.sourcePatience)
        return RequestFacts(
            record: record, content: content, sources: sources, hasAllSources: isComplete, rules: rules,
            history: store.newest)
    }

    private func page(_ facts: RequestFacts, knows panel: String) -> Bool {
        Panel.all(of: facts).contains { $0.name == panel }
    }

    private func page(_ facts: RequestFacts, showing name: String?) -> Response {
        let panels = Panel.all(of: facts)
        let navigation = panels.map { panel in
            ToolbarPage.Link(panel: panel, address: Self.address(facts.record) + panel.name + "/")
        }
        return ToolbarPage(
            title: facts.title, subtitle: facts.subtitle, navigation: navigation,
            panels: panels.filter { name == nil ? $0.name != Panel.historyName : $0.name == name },
            current: name
        ).response()
    }

    static func address(_ record: RequestRecord) -> String { "\(DebugToolbar.prefix)requests/\(record.id)/" }

    private static var gone: Response {
        let panel = Panel(name: "gone", title: "Not kept", summary: "") { html in
            html.tag("<p class=\"bad\">This request is not known, or not known any more: ")
            html.element("", "the last \(RecordStore.limit) are kept until the program ends.", "</p>")
        }
        return ToolbarPage(
            title: "Not kept", subtitle: nil, navigation: [], panels: [panel], back: DebugToolbar.prefix + "requests/"
        ).response(.notFound)
    }
}
