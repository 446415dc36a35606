/// Something wrong with a URL table, found when it is built and by `manage check`.
public struct RouteProblem: Sendable, Hashable, CustomStringConvertible {
    /// Names the kind of problem, such as `urls.E004`; stable, so that checks can be looked up.
    public let id: String

    /// What is wrong, with the names involved.
    public let message: String

    /// What to do about it.
    public let remedy: String

    /// Where the route is declared, as `Module/File.swift`.
    public let file: String

    /// The line of the declaration.
    public let line: Int

    /// Whether the table can be used as it is; such ids have a `W`.
    public var isWarning: Bool { id.hasPrefix("urls.W") }

    /// `Blog/URLs.swift:12: error urls.E004: … (remedy)`.
    public var description: String {
        "\(file):\(line): \(isWarning ? "warning" : "error") \(id): \(message) \(remedy)"
    }
}

/// Why a ``RouteTable`` could not be built: every problem, not just the first.
public struct RouteTableError: Error, Sendable, CustomStringConvertible {
    /// The problems in the order of the declarations.
    public let problems: [RouteProblem]

    /// One problem a line.
    public var description: String {
        (["The URL table has \(problems.count == 1 ? "a problem" : "\(problems.count) problems"):"]
            + problems.map(\.description)).joined(separator: "\n")
    }
}

extension RouteProblem {
    init(_ id: String, _ route: Route, _ message: String, remedy: String) {
        self.init(id: id, message: message, remedy: remedy, file: route.file, line: route.line)
    }

    static func badPattern(_ route: Route, _ flaw: PathPattern.Flaw) -> RouteProblem {
        RouteProblem("urls.E001", route, "The pattern '\(route.pattern)' \(flaw.problem).", remedy: flaw.remedy)
    }

    static func unknownConverter(_ route: Route, _ name: String, known: [String]) -> RouteProblem {
        RouteProblem(
            "urls.E002", route, "The pattern '\(route.pattern)' uses the converter '\(name)', which nothing defines.",
            remedy: "Use one of \(known.sorted().joined(separator: ", ")), or let the view take a type whose "
                + "'converters' has '\(name)'.")
    }

    static func duplicateParameter(_ route: Route, _ name: String, in pattern: String) -> RouteProblem {
        RouteProblem(
            "urls.E003", route, "The pattern '\(pattern)' has the parameter '\(name)' twice.",
            remedy: "Rename one of them; a prefix of an include counts as part of the pattern.")
    }

    static func wrongCount(_ route: Route, pattern: String, names: [String], types: [String]) -> RouteProblem {
        let has = names.isEmpty ? "no parameter" : "the parameters \(names.joined(separator: ", "))"
        let takes = types.isEmpty ? "none" : types.joined(separator: ", ")
        return RouteProblem(
            "urls.E004", route, "The pattern '\(pattern)' has \(has), but the view takes \(takes).",
            remedy: "Give the view one argument for each parameter after the request, in the order of the pattern.")
    }

    static func wrongType(
        _ route: Route, pattern: String, parameter: String, type: String, accepts: [String]
    ) -> RouteProblem {
        RouteProblem(
            "urls.E005", route, "The pattern '\(pattern)' has '\(parameter)', but the view takes \(type) there.",
            remedy: "\(type) fits the converter \(accepts.joined(separator: ", ")): change the pattern or the view.")
    }

    static func duplicateName(_ route: Route, name: String, first: Route, parameters: Int) -> RouteProblem {
        RouteProblem(
            "urls.E006", route,
            "The name '\(name)' is taken by '\(first.pattern)' (\(first.file):\(first.line)) with as many parameters "
                + "(\(parameters)), so it cannot be reversed.",
            remedy: "Rename one of them, or include one table under another namespace.")
    }

    static func shadowed(_ route: Route, pattern: String, by earlier: Route, _ earlierPattern: String) -> RouteProblem {
        RouteProblem(
            "urls.E007", route,
            "The pattern '\(pattern)' is never reached: '\(earlierPattern)' (\(earlier.file):\(earlier.line)) "
                + "matches everything that it matches, and comes first.",
            remedy: "Declare this route before that one, or remove it. Views that differ only in the method are one "
                + "view that looks at request.method.")
    }

    static func colonInName(_ route: Route, _ name: String) -> RouteProblem {
        RouteProblem(
            "urls.E008", route, "The name '\(name)' has a ':', which separates namespaces.",
            remedy: "Use '-' or '_' in names and namespaces.")
    }
}

extension RouteProblem {
    static func unknownCaptures(_ route: Route) -> RouteProblem {
        RouteProblem(
            "urls.E009", route, "The type of the expression '\(route.pattern)' does not tell its captures.",
            remedy: "Write it as a literal, /…/, or give its type: Regex(\"…\", as: (Substring, Substring).self).")
    }

    static func optionalCapture(_ route: Route, _ number: Int, type: String) -> RouteProblem {
        RouteProblem(
            "urls.E010", route,
            "Capture \(number) of '\(route.pattern)' need not take part in a match, but the view takes \(type) there.",
            remedy: "Let the view take \(type)?, or write two routes.")
    }

    static func badReverse(_ route: Route, _ regex: RegexPattern, _ flaw: PathPattern.Flaw) -> RouteProblem {
        RouteProblem(
            "urls.E011", route,
            "The 'reverse' of '\(route.pattern)', '\(regex.reverse ?? "")', \(flaw.problem).", remedy: flaw.remedy)
    }

    static func misplacedHost(_ route: Route) -> RouteProblem {
        RouteProblem(
            "urls.E012", route, "The host '\(route.pattern)' is declared behind a prefix, or inside another host.",
            remedy: "Declare it at the root of the site's table, and put the prefix inside of it.")
    }

    static func regexHazard(_ route: Route, _ group: String) -> RouteProblem {
        RouteProblem(
            "urls.W001", route,
            "The expression '\(route.pattern)' repeats a repetition, '\(group)': for some paths the search could take "
                + "time that doubles with each character, which anybody can send.",
            remedy: "Write it without the inner or the outer repetition, or make the inner one possessive or atomic, "
                + "such as (?:[a-z]++/)* or (?:(?>[a-z]+)/)*; best use converters.")
    }

    static func irreversible(_ route: Route, _ name: String) -> RouteProblem {
        RouteProblem(
            "urls.W002", route, "The route '\(name)' cannot be reversed: an expression does not tell what it matches.",
            remedy: "Add reverse: \"…\" with one <name> for each capture, or remove the name.")
    }

    static func unusedNamespace(_ route: Route, _ namespace: String) -> RouteProblem {
        RouteProblem(
            "urls.W003", route, "The namespace '\(namespace)' is unused: no route in it has a name.",
            remedy: "Name the routes that others link to, or remove the namespace.")
    }

    static func duplicateNamespace(_ route: Route, _ namespace: String, first: Route) -> RouteProblem {
        RouteProblem(
            "urls.W004", route,
            "The namespace '\(namespace)' is used by '\(first.pattern)' (\(first.file):\(first.line)) already: their names "
                + "are mixed.",
            remedy: "Include one of them under another name, with namespace: \"…\".")
    }
}
