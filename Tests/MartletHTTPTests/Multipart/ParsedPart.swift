import MartletHTTP

/// A part as the parser has told it, with its content put together.
struct ParsedPart: Equatable, CustomStringConvertible {
    let head: MultipartHead
    var content: [UInt8] = []

    /// `name=content`, and `name[fileName type]=content` for a file.
    var description: String {
        let text = String(decoding: content, as: UTF8.self)
        guard let fileName = head.fileName else { return "\(head.name)=\(text)" }
        return "\(head.name)[\(fileName) \(head.contentType ?? "-")]=\(text)"
    }

    /// Feeds a parser with chunks, as a connection delivers them.
    static func parse(
        _ chunks: [ArraySlice<UInt8>], _ parser: inout MultipartParser
    ) throws(HTTPError) -> [ParsedPart] {
        var parts: [ParsedPart] = []
        for chunk in chunks { try feed(Array(chunk), &parser, &parts) }
        try parser.finish()
        return parts
    }

    /// Parses a whole body that is divided by `boundary`.
    static func parse(
        _ body: String, boundary: String = "b", limits: RequestLimits = RequestLimits()
    ) throws(HTTPError) -> [ParsedPart] {
        var parser = try makeParser(boundary, limits)
        return try parse([Array(body.utf8)[...]], &parser)
    }

    static func makeParser(
        _ boundary: String = "b", _ limits: RequestLimits = RequestLimits()
    ) throws(HTTPError) -> MultipartParser {
        guard let boundary = MultipartBoundary(boundary) else { throw HTTPError(.badRequest, "No boundary.") }
        return MultipartParser(boundary, limits: limits)
    }

    private static func feed(
        _ chunk: [UInt8], _ parser: inout MultipartParser, _ parts: inout [ParsedPart]
    ) throws(HTTPError) {
        var index = 0
        while true {
            let start = index
            let result = chunk.withUnsafeBytes { bytes in
                Result { () throws(HTTPError) in try parser.next(bytes, from: start) }
            }
            switch try result.get() {
            case .needMore, .end:
                return
            case .head(let head, let consumed):
                parts.append(ParsedPart(head: head))
                index = consumed
            case .content(let range):
                parts[parts.count - 1].content += chunk[range]
                index = range.upperBound
            case .withheld(let bytes, let consumed):
                parts[parts.count - 1].content += bytes
                index = consumed
            case .partEnd(let consumed):
                index = consumed
            }
        }
    }
}

/// A form as browsers write it, from parts that are written as header lines, an empty line and content.
func form(_ parts: String..., boundary: String = "b") -> String {
    parts.map { "--\(boundary)\r\n\($0)\r\n" }.joined() + "--\(boundary)--\r\n"
}

/// A part that is a field.
func field(_ name: String, _ value: String) -> String {
    "Content-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)"
}

/// A part that is a file, whose disposition goes on as given.
func file(_ name: String, _ parameters: String, _ content: String, type: String = "text/plain") -> String {
    "Content-Disposition: form-data; name=\"\(name)\"; \(parameters)\r\nContent-Type: \(type)\r\n\r\n\(content)"
}
