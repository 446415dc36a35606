/// `{% spaceless %}…{% endspaceless %}`: without the spaces between tags.
final class SpacelessNode: Node {
    let origin: Origin
    private let body: [any Node]

    init(_ parser: TemplateParser, _ tag: Tag) throws {
        origin = tag.origin
        body = try parser.body(of: tag, until: "endspaceless")
    }

    func render(_ renderer: inout Renderer) throws {
        let content = try renderer.capture { try $0.render(body) }
        var kept: [UInt8] = []
        var spaces: [UInt8] = []
        for byte in content.utf8 {
            if byte == 32 || (9...13).contains(byte) {
                spaces.append(byte)
                continue
            }
            // Spaces at both ends go, as do those with a tag on either side.
            let isBetweenTags = byte == UInt8(ascii: "<") && kept.last == UInt8(ascii: ">")
            if !kept.isEmpty, !isBetweenTags { kept += spaces }
            spaces.removeAll(keepingCapacity: true)
            kept.append(byte)
        }
        renderer.output += kept
    }
}
