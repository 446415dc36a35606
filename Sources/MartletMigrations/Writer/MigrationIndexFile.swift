/// The file of an app's index. The command adds to the list in it; all else is its author's.
struct MigrationIndexFile {
    private let head: Substring
    private let inner: Substring
    private let tail: Substring
    private let app: String

    /// Finds the list behind `Migrations(app: "blog",`.
    ///
    /// - Throws: ``MigrationError`` of kind `file` when there is none.
    init(text: String, path: String, app: String) throws(MigrationError) {
        self.app = app
        guard let list = Self.list(in: text, app: app) else {
            throw MigrationError(
                .file, "The list of migrations is not found in '\(path)'.",
                "It must have the form `Migrations(app: \"\(app)\", [ … ])`.")
        }
        head = text[..<list.lowerBound]
        inner = text[list]
        tail = text[list.upperBound...]
    }

    /// What stands between `[` and `]`.
    private static func list(in text: String, app: String) -> Range<String.Index>? {
        var start = text.startIndex
        while let call = text[start...].firstRange(of: "Migrations(") {
            start = call.upperBound
            let line = text[..<call.lowerBound].split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
            let rest = text[start...]
            guard !line.contains("//"), rest.drop(while: \.isWhitespace).hasPrefix("app: \"\(app)\"") else { continue }
            guard let open = rest.firstIndex(of: "["), let close = rest[open...].firstIndex(of: "]") else { return nil }
            return text.index(after: open)..<close
        }
        return nil
    }

    /// The file with more migrations at the end of its list.
    func adding(_ names: [String]) -> String {
        let properties = names.map { ".\(propertyName(of: MigrationName(app: app, name: $0)))" }
        if inner.contains("\n") { return head + extended(properties) + tail }
        let elements = inner.split(separator: ",").map { "\($0.trimmed)" }.filter { !$0.isEmpty } + properties
        let indent = indent(of: head) + 4
        return brokenHead + Self.lines(elements, indent: indent + 4) + Self.blank(indent) + tail
    }

    /// The lines of a list of several lines, comments and all, and more.
    private func extended(_ properties: [String]) -> String {
        var lines = inner.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let closing = lines.removeLast()
        let indent = closing.count + 4
        guard let last = lines.lastIndex(where: { !Self.code(of: $0).isEmpty }) else {
            return lines.joined(separator: "\n") + Self.lines(properties, indent: indent) + closing
        }
        let code = Self.code(of: lines[last])
        if !code.hasSuffix(",") { lines[last] = code + "," + lines[last].dropFirst(code.count) }
        return lines.joined(separator: "\n") + "\n" + Self.lines(properties, indent: indent, alone: false).dropFirst()
            + closing
    }

    /// `Migrations(app: "blog",` with its arguments on lines of their own, as swift-format has them.
    private var brokenHead: String {
        let text = String(head)
        guard let call = text.ranges(of: "Migrations(").last else { return text }
        let blank = Self.blank(indent(of: head) + 4)
        let arguments = text[call.upperBound...].dropLast().split(separator: ",").map(\.trimmed)
        let written = arguments.filter { !$0.isEmpty }.map { "\n\(blank)\($0)," }.joined()
        return text[..<call.upperBound] + written + "\n\(blank)["
    }

    private func indent(of head: Substring) -> Int {
        guard let call = head.ranges(of: "Migrations(").last else { return 0 }
        let line = head[..<call.lowerBound].split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        return line.prefix { $0 == " " }.count
    }

    /// A line without its comment.
    private static func code(of line: String) -> String {
        let code = line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line[...]
        return String(code.reversed().drop(while: \.isWhitespace).reversed())
    }

    /// Elements, each on a line. swift-format wants no comma behind the only one.
    private static func lines(_ elements: [String], indent: Int, alone: Bool = true) -> String {
        let comma = alone && elements.count == 1 ? "" : ","
        return "\n" + elements.map { "\(blank(indent))\($0)\(comma)\n" }.joined()
    }

    private static func blank(_ count: Int) -> String { String(repeating: " ", count: count) }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return start[...end]
    }
}
