/// A name with its hash, so that looking through the names of loops mostly compares two numbers.
struct Name: Sendable {
    let text: String
    private let hash: UInt64

    init(_ text: String) {
        self.text = text
        // FNV-1a; names come from templates, so nobody can choose them to collide.
        hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    @inline(__always)
    static func == (left: Name, right: Name) -> Bool {
        left.hash == right.hash && left.text == right.text
    }
}

/// `post.author.name`: a name and the way from its value.
struct Variable: Sendable {
    struct Step: Sendable {
        let name: String
        /// The position that the step means in a list.
        let index: Int?
    }

    let name: Name
    let path: [Step]

    var text: String { ([name.text] + path.map(\.name)).joined(separator: ".") }

    init(_ name: Name, path: [Step] = []) {
        self.name = name
        self.path = path
    }

    /// - Throws: ``TemplateProblem`` for empty steps and for names that begin with an underscore.
    init(_ text: String) throws {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        for part in parts {
            guard !part.isEmpty else {
                throw TemplateProblem.syntax("'\(text)' has a dot without a name beside it.", "Write it as a.b.c.")
            }
            guard !part.hasPrefix("_") else {
                throw TemplateProblem.syntax(
                    "'\(text)': names may not begin with an underscore.", "Give the value a public name.")
            }
        }
        name = Name(parts[0])
        path = parts.dropFirst().map { Step(name: $0, index: Int($0)) }
    }
}

/// `forloop.counter`, `forloop.parentloop.first`: read from the loops in progress, without making a value for them.
struct LoopVariable: Sendable {
    enum Field: String, Sendable {
        case counter, counter0, revcounter, revcounter0, first, last, length
        /// The whole of it, as in `{% with outer=forloop %}`.
        case everything
    }

    /// How many loops outward.
    let hops: Int
    let field: Field

    /// nil if the variable is no part of `forloop`.
    init?(_ variable: Variable) {
        guard variable.name.text == "forloop" else { return nil }
        var path = variable.path[...]
        var hops = 0
        while path.first?.name == "parentloop" {
            hops += 1
            path.removeFirst()
        }
        guard path.count <= 1 else { return nil }
        guard let field = path.first.map({ Field(rawValue: $0.name) }) ?? .everything else { return nil }
        self.hops = hops
        self.field = field
    }
}
