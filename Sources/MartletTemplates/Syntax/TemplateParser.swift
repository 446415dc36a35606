/// A tag while it is being compiled.
struct Tag {
    let name: String
    /// The words after the name.
    let words: [String]
    let token: Token
    let origin: Origin

    func syntax(_ problem: String, _ remedy: String) -> TemplateProblem { .syntax(problem, remedy) }
}

/// Compiles the pieces of one template to nodes.
///
/// A class because the parsers of tags call back into it; it lives for one compilation and is never shared.
final class TemplateParser {
    let template: String
    let library: TemplateLibrary
    private let tokens: [Token]
    private var index = 0
    private var depth = 0

    /// The blocks found so far, by name.
    var blocks: [String: BlockNode] = [:]
    /// The parent, once `{% extends %}` was read.
    var parent: ExtendsNode?
    /// Whether anything but text came before.
    private(set) var isPastFirstTag = false
    /// The cycles with a name, for `{% cycle name %}` and `{% resetcycle %}`.
    var cycles: [String: CycleNode] = [:]
    var lastCycle: CycleNode?
    /// The templates and URL names that are written out, for `check`.
    var references: [TemplateReference] = []
    var urls: [TemplateCheck.URLUse] = []

    /// With a list here, errors are noted and what has them is skipped, so that one pass finds all of them.
    var collected: [TemplateError]?
    /// Tags with errors, whose `end` and `else` are then no errors of their own.
    private var brokenTags: Set<String> = []
    /// After so many errors in one template the others say little.
    private static let maximumErrors = 50

    /// Tags deeper than this inside each other are refused, so that neither compiling nor rendering exhausts the stack.
    static let maximumDepth = 50

    init(template: String, tokens: [Token], library: TemplateLibrary) {
        self.template = template
        self.tokens = tokens
        self.library = library
    }

    /// The nodes of the whole template.
    func parse() throws -> [any Node] { try parse(until: [], opening: nil).nodes }

    /// The nodes up to one of the tags called `ends`, which is consumed and returned.
    func parse(until ends: [String], opening: Tag?) throws -> (nodes: [any Node], end: Tag?) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw TemplateProblem.syntax(
                "Tags are nested more than \(Self.maximumDepth) deep.",
                "Move the inner part to a template and include it.")
        }
        var nodes: [any Node] = []
        while index < tokens.count {
            let token = tokens[index]
            index += 1
            let origin = Origin(template: template, line: token.line, text: token.source)
            do {
                switch token.kind {
                case .text: nodes.append(TextNode(token.content, origin: origin))
                case .variable: nodes.append(try variable(token, origin))
                case .tag:
                    let tag = try tag(token, origin)
                    if ends.contains(tag.name) { return (nodes, tag) }
                    if let node = try compile(tag, ends: ends) { nodes.append(node) }
                }
            } catch {
                let error = origin.locate(error)
                guard let found = collected?.count, found < Self.maximumErrors else { throw error }
                collected?.append(error)
                if token.kind == .tag, let name = tagWords(of: token.content).first { brokenTags.insert(name) }
            }
            if token.kind != .text { isPastFirstTag = true }
        }
        if let opening, let end = ends.last {
            throw opening.origin.locate(
                TemplateProblem.syntax(
                    "The tag opened here is never closed.",
                    "Add {% \(end) %}"
                        + (ends.count > 1
                            ? " (also possible before it: \(ends.dropLast().joined(separator: ", ")))." : ".")))
        }
        return (nodes, nil)
    }

    /// The nodes of a block that only one tag ends.
    func body(of tag: Tag, until end: String) throws -> [any Node] {
        try parse(until: [end], opening: tag).nodes
    }

    /// Passes over everything up to the tag called `end`.
    func skip(until end: String, opening: Tag) throws {
        while index < tokens.count {
            let token = tokens[index]
            index += 1
            if token.kind == .tag, token.content == end { return }
        }
        throw opening.origin.locate(
            TemplateProblem.syntax("The tag opened here is never closed.", "Add {% \(end) %}."))
    }

    /// Compiles an expression.
    func expression(_ text: String) throws -> Expression {
        try ExpressionParser.parse(text) { name, hasArgument in try filter(name, hasArgument: hasArgument) }
    }

    /// Compiles the words of a condition.
    func condition(_ words: [String]) throws -> Condition {
        try ConditionParser.parse(words, compile: expression)
    }

    /// `problem` is noted if the parser collects, and thrown if not.
    private func report(_ problem: TemplateProblem, at origin: Origin) throws {
        guard collected != nil else { throw problem }
        collected?.append(origin.locate(problem))
    }

    private func variable(_ token: Token, _ origin: Origin) throws -> any Node {
        guard !token.content.isEmpty else {
            throw TemplateProblem.syntax("The braces are empty.", "Write a name between them, or remove them.")
        }
        let expression = try expression(token.content)
        if case .superBlock = expression.operand, expression.filters.isEmpty { return SuperNode(origin: origin) }
        return VariableNode(expression, origin: origin)
    }

    private func tag(_ token: Token, _ origin: Origin) throws -> Tag {
        let words = tagWords(of: token.content)
        guard let name = words.first else {
            throw TemplateProblem.syntax("The tag is empty.", "Write a tag between {% and %}, or remove them.")
        }
        return Tag(name: name, words: Array(words.dropFirst()), token: token, origin: origin)
    }

    private func compile(_ tag: Tag, ends: [String]) throws -> (any Node)? {
        if let parser = library.tags[tag.name] { return try parser(self, tag) }
        if belongsToBroken(tag.name) { return nil }
        throw unknown(tag, ends: ends)
    }

    private func belongsToBroken(_ name: String) -> Bool {
        switch name {
        case "else": !brokenTags.isDisjoint(with: ["if", "ifchanged"])
        case "elif": brokenTags.contains("if")
        case "empty": brokenTags.contains("for")
        default: name.hasPrefix("end") && brokenTags.contains(String(name.dropFirst(3)))
        }
    }

    private func unknown(_ tag: Tag, ends: [String]) -> TemplateProblem {
        if ["endfor", "endif", "endblock", "endwith", "else", "elif", "empty"].contains(tag.name)
            || tag.name.hasPrefix("end")
        {
            let expected = ends.isEmpty ? "No tag is open here." : "Expected \(ends.joined(separator: " or ")) here."
            return .syntax("'\(tag.name)' does not belong here.", expected)
        }
        let suggestion = nearest(to: tag.name, among: library.tags.keys).map { "Did you mean '\($0)'? " } ?? ""
        return .syntax(
            "There is no tag '\(tag.name)'.",
            suggestion + "Tags of an application are registered in its TemplateLibrary.")
    }

    private func filter(_ name: String, hasArgument: Bool) throws -> TemplateFilter? {
        let token = tokens[index - 1]
        let origin = Origin(template: template, line: token.line, text: token.source)
        guard let filter = library.filters[name] else {
            let suggestion = nearest(to: name, among: library.filters.keys).map { "Did you mean '\($0)'? " } ?? ""
            try report(
                .syntax(
                    "There is no filter '\(name)'.",
                    suggestion + "Filters of an application are registered in its TemplateLibrary."), at: origin)
            return nil
        }
        switch filter.argument {
        case .required where !hasArgument:
            try report(.syntax("The filter '\(name)' needs an argument.", "Write \(name):argument."), at: origin)
        case .none where hasArgument:
            try report(
                .syntax("The filter '\(name)' takes no argument.", "Remove the colon and what follows."), at: origin)
        default: break
        }
        return filter
    }
}
