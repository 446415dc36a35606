/// `{% cycle 'odd' 'even' as row silent %}`: one value after the other, over and over.
final class CycleNode: Node {
    let origin: Origin
    private let values: [Expression]
    private let target: Name?
    private let isSilent: Bool

    /// A new cycle, or the one that `{% cycle name %}` names.
    static func parse(_ parser: TemplateParser, _ tag: Tag) throws -> any Node {
        guard tag.words.count == 1, let name = tag.words.first, !name.hasPrefix("\""), !name.hasPrefix("'") else {
            return try CycleNode(parser, tag)
        }
        guard let cycle = parser.cycles[name] else {
            throw tag.syntax(
                "There is no cycle '\(name)' before this tag.", "Define it with {% cycle 'a' 'b' as \(name) %}.")
        }
        return CycleStepNode(cycle, origin: tag.origin)
    }

    private init(_ parser: TemplateParser, _ tag: Tag) throws {
        var words = tag.words
        isSilent = words.last == "silent" && words.dropLast(2).last == "as"
        if isSilent { words.removeLast() }
        target = takeTarget(&words)
        if target == nil, words.dropLast(2).last == "as" {
            throw tag.syntax(
                "'\(words[words.count - 1])' is unknown after the cycle's name.", "Only 'silent' may follow it.")
        }
        guard !words.isEmpty else {
            throw tag.syntax("The tag needs values.", "Write {% cycle 'odd' 'even' %}.")
        }
        origin = tag.origin
        values = try words.map(parser.expression)
        if let target { parser.cycles[target.text] = self }
        parser.lastCycle = self
    }

    func render(_ renderer: inout Renderer) throws {
        var place = 0
        if case .int(let next)? = renderer.memory[ObjectIdentifier(self)] { place = next }
        renderer.memory[ObjectIdentifier(self)] = .int((place + 1) % values.count)
        let value = try renderer.value(values[place])
        if let target { renderer.scope.rebind(target, value) }
        if !isSilent { try renderer.write(value) }
    }

    func reset(_ renderer: inout Renderer) {
        renderer.memory[ObjectIdentifier(self)] = nil
    }
}

/// `{% cycle name %}`: the next value of a cycle defined before.
final class CycleStepNode: Node {
    let origin: Origin
    private let cycle: CycleNode

    init(_ cycle: CycleNode, origin: Origin) {
        self.cycle = cycle
        self.origin = origin
    }

    func render(_ renderer: inout Renderer) throws {
        try cycle.render(&renderer)
    }
}

/// `{% resetcycle name %}`: begins a cycle anew.
final class ResetCycleNode: Node {
    let origin: Origin
    private let cycle: CycleNode

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        origin = tag.origin
        guard tag.words.count <= 1, let cycle = tag.words.first.map({ parser.cycles[$0] }) ?? parser.lastCycle else {
            throw tag.syntax("There is no such cycle before this tag.", "Define it with {% cycle 'a' 'b' as name %}.")
        }
        self.cycle = cycle
    }

    func render(_ renderer: inout Renderer) {
        cycle.reset(&renderer)
    }
}
