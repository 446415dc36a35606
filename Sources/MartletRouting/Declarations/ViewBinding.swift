import MartletHTTP

/// A view with the types of its parameters, ready to be bound to the captures of a match.
struct ViewBinding: Sendable {
    /// The types the view takes after the request, in order.
    let parameters: [any PathParameter.Type]

    /// Reads the captures and gives them to the view; `nil` when a type refuses its text.
    let bind: @Sendable (PathCaptures) -> BoundView?

    init<each Parameter: PathParameter>(
        _ view: @escaping @Sendable (Request, repeat each Parameter) async throws -> Response
    ) {
        var types: [any PathParameter.Type] = []
        for type in repeat (each Parameter).self { types.append(type) }
        parameters = types
        bind = { captures in
            var next = 0
            guard let values = try? (repeat captures.read((each Parameter).self, &next)) else { return nil }
            return BoundView { request in
                let response = try await view(request, repeat each values)
                return response.isUnfinished ? try await response.withContent() : response
            }
        }
    }
}

/// A view that has its arguments.
///
/// A struct, since a function inside an optional is kept in a form that costs a second asynchronous call each time.
struct BoundView: Sendable {
    let respond: Handler

    init(_ respond: @escaping Handler) {
        self.respond = respond
    }
}

/// The parts of a path, and of the host before it, that the parameters of a pattern have matched.
struct PathCaptures {
    /// Thrown when a type refuses its text; it stays inside ``ViewBinding``.
    private struct Refusal: Error {}

    /// A capture of a regular expression that took no part in the match.
    static let absent = -1..<(-1)

    let path: String
    /// Offsets into the UTF-8 form of the path.
    let ranges: [Range<Int>]
    /// What the parameters of the host have matched; they come first.
    let host: [String]

    func read<Parameter: PathParameter>(_ type: Parameter.Type, _ next: inout Int) throws -> Parameter {
        defer { next += 1 }
        if next < host.count { return try value(host[next][...]) }
        let index = next - host.count
        guard index < ranges.count else { throw Refusal() }
        if ranges[index] == Self.absent { return try absentValue() }
        return try value(text(ranges[index]))
    }

    private func value<Parameter: PathParameter>(_ text: Substring) throws -> Parameter {
        guard let value = Parameter(pathSegment: text) else { throw Refusal() }
        return value
    }

    private func absentValue<Parameter: PathParameter>() throws -> Parameter {
        guard let optional = Parameter.self as? any OptionalPathParameter.Type,
            let value = optional.absent as? Parameter
        else { throw Refusal() }
        return value
    }

    private func text(_ range: Range<Int>) -> Substring {
        let utf8 = path.utf8
        let start = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        return path[start..<utf8.index(start, offsetBy: range.count)]
    }
}
