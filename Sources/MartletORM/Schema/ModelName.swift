/// The name by which migrations and relations know a model: an app's label and the type's name.
public struct ModelName: Sendable, Hashable, CustomStringConvertible {
    /// The app's label: the module's name in snake_case, unless the model names another.
    public let app: String

    /// The name of the type, such as `Post`.
    public let name: String

    /// Makes a name from its parts.
    public init(app: String, name: String) {
        self.app = app
        self.name = name
    }

    /// Reads `"blog.Post"`.
    ///
    /// - Returns: `nil` when there is no dot, or nothing on one side of it.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(app: String(parts[0]), name: String(parts[1]))
    }

    /// `blog.Post`.
    public var description: String { "\(app).\(name)" }
}

extension ModelName: ExpressibleByStringLiteral {
    /// Reads `"blog.Post"`, as migrations write it.
    ///
    /// A text without a dot becomes a name without an app, which no model has: whoever looks it up reports it.
    public init(stringLiteral text: String) {
        self = ModelName(text) ?? ModelName(app: "", name: text)
    }
}

/// Turns `publishedOn` into `published_on` and `HTTPLog` into `http_log`.
package func snakeCased(_ name: some StringProtocol) -> String {
    let characters = Array(name)
    var result = ""
    for (index, character) in characters.enumerated() {
        if character.isUppercase, index > 0, characters[index - 1] != "_" {
            let followsLower = !characters[index - 1].isUppercase
            let startsWord = index + 1 < characters.count && characters[index + 1].isLowercase
            if followsLower || startsWord { result.append("_") }
        }
        result += character.lowercased()
    }
    return result
}
