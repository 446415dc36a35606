import Synchronization

/// A compiled template.
final class Template: Sendable {
    let name: String
    let nodes: [any Node]
    let parent: ExtendsNode?
    let blocks: [String: BlockNode]
    let references: [TemplateReference]
    let urls: [TemplateCheck.URLUse]
    /// The position of the loader that the template came from.
    let loader: Int
    /// How many bytes the last rendering made; the next one makes room for as many at once.
    let lastSize = Atomic<Int>(0)

    init(_ parser: TemplateParser, nodes: [any Node], loader: Int) {
        name = parser.template
        self.nodes = nodes
        parent = parser.parent
        blocks = parser.blocks
        references = parser.references
        urls = parser.urls
        self.loader = loader
    }
}

/// A template that another one names.
struct TemplateReference: Sendable {
    enum Tag: Sendable { case extends, include }

    let tag: Tag
    let name: String
    let origin: Origin
}
