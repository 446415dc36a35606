import MartletHTTP
import MartletJSON
import MartletRouting
import MartletSite

/// Prints the table of routes, in the order in which they are tried.
struct ShowURLsCommand: Command {
    let name = "showurls"
    let summary = "Lists the routes in the order they are tried: methods, path, name, place, modifiers."

    let isJSON = CommandFlag("json", help: "Prints the routes as JSON, for programs.")

    func run(_ context: CommandContext) async throws {
        let routes = try RouteTable(context.site.urls).routes
        guard !context.arguments[isJSON] else {
            let json = try JSON.encode(routes.map(Entry.init))
            return context.print(String(decoding: json, as: UTF8.self))
        }
        guard !routes.isEmpty else { return context.print("The site has no routes.") }
        let rows = routes.map { route in
            [
                route.methods.map { $0.map(\.rawValue).joined(separator: ",") } ?? "any", Self.path(route),
                route.name ?? "-", "\(route.file):\(route.line)", route.modifiers.joined(separator: ", "),
            ]
        }
        for line in TextColumns.aligned([["METHODS", "PATH", "NAME", "DECLARED AT", "MODIFIERS"]] + rows) {
            context.print(line)
        }
    }

    /// The path with its slash, behind the host of those that have one.
    private static func path(_ route: RouteInfo) -> String {
        (route.host.map { "//\($0)" } ?? "") + "/" + route.pattern
    }

    /// A route for programs.
    private struct Entry: Encodable {
        let methods: [String]?
        let host: String?
        let pattern: String
        let parameters: [String]
        let name: String?
        let file: String
        let line: Int
        let modifiers: [String]

        init(_ route: RouteInfo) {
            methods = route.methods?.map(\.rawValue)
            host = route.host
            pattern = "/" + route.pattern
            parameters = route.parameterNames
            name = route.name
            file = route.file
            line = route.line
            modifiers = route.modifiers
        }
    }
}
