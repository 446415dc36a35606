extension TemplateLibrary {
    mutating func addStandardTags() {
        tags["autoescape"] = { try AutoescapeNode($0, $1) }
        tags["block"] = { try BlockNode($0, $1) }
        tags["comment"] = { parser, tag in
            try parser.skip(until: "endcomment", opening: tag)
            return nil
        }
        tags["csrf_token"] = { CSRFTokenNode(origin: $1.origin) }
        tags["cycle"] = { try CycleNode.parse($0, $1) }
        tags["extends"] = { try ExtendsNode($0, $1) }
        tags["filter"] = { try FilterNode($0, $1) }
        tags["cache"] = { try CacheNode($0, $1) }
        tags["firstof"] = { try FirstOfNode($0, $1) }
        tags["for"] = { try ForNode($0, $1) }
        tags["if"] = { try IfNode($0, $1) }
        tags["ifchanged"] = { try IfChangedNode($0, $1) }
        tags["include"] = { try IncludeNode($0, $1) }
        tags["load"] = { try checkLoad($0, $1) }
        tags["now"] = { try NowNode($0, $1) }
        tags["querystring"] = { try QueryStringNode($0, $1) }
        tags["regroup"] = { try RegroupNode($0, $1) }
        tags["resetcycle"] = { try ResetCycleNode($0, $1) }
        tags["spaceless"] = { try SpacelessNode($0, $1) }
        tags["static"] = { try StaticNode($0, $1) }
        tags["templatetag"] = { try templateTag($0, $1) }
        tags["url"] = { try URLNode($0, $1) }
        tags["verbatim"] = { try VerbatimNode($0, $1) }
        tags["widthratio"] = { try WidthRatioNode($0, $1) }
        tags["with"] = { try WithNode($0, $1) }
    }
}

/// `{% load a b %}` or `{% load tag from library %}`: everything registered is loaded already, so only names are checked.
private func checkLoad(_ parser: TemplateParser, _ tag: Tag) throws -> (any Node)? {
    var libraries = tag.words
    if let from = tag.words.lastIndex(of: "from"), from > 0, from == tag.words.count - 2 {
        libraries = [tag.words[from + 1]]
        for name in tag.words[..<from] where parser.library.tags[name] == nil && parser.library.filters[name] == nil {
            throw tag.syntax("There is no tag or filter '\(name)'.", "Register it in the TemplateLibrary.")
        }
    }
    for name in libraries where !parser.library.names.contains(name) {
        let suggestion = nearest(to: name, among: parser.library.names).map { "Did you mean '\($0)'? " } ?? ""
        throw tag.syntax(
            "There is no tag library '\(name)'.", suggestion + "Register it with TemplateLibrary.register(\"\(name)\")."
        )
    }
    return nil
}

/// `{% templatetag openblock %}`: the braces themselves.
private func templateTag(_ parser: TemplateParser, _ tag: Tag) throws -> (any Node)? {
    let marks = [
        "openblock": "{%", "closeblock": "%}", "openvariable": "{{", "closevariable": "}}", "openbrace": "{",
        "closebrace": "}", "opencomment": "{#", "closecomment": "#}",
    ]
    guard tag.words.count == 1, let mark = marks[tag.words[0]] else {
        throw tag.syntax(
            "The tag needs one of its words.", "Use one of \(marks.keys.sorted().joined(separator: ", ")).")
    }
    return TextNode(mark, origin: tag.origin)
}

/// What follows `as` at the end of a tag, which is taken off `words`.
func takeTarget(_ words: inout [String]) -> Name? {
    guard words.count >= 2, words[words.count - 2] == "as" else { return nil }
    let name = Name(words[words.count - 1])
    words.removeLast(2)
    return name
}
