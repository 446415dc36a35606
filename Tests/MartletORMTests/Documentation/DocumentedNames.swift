import FoundationEssentials

/// The chapter "Django's ORM in Martlet" of `Docs/orm.md`, and the list of Django's names that it must cover.
enum DocumentedNames {
    /// A heading and what stands under it.
    struct Group<Content: Sendable>: Sendable {
        let heading: String
        var content: [Content]
    }

    /// One line of a table: Django's names, the spelling here, and a remark.
    struct Row: Sendable, Equatable {
        let django: String
        let martlet: String
        let remark: String

        /// Whether there is no such thing here.
        var isMissing: Bool { martlet == "–" }

        /// What stands in inline code in the first column.
        var names: [String] { DocumentedNames.code(in: django) }

        /// What stands in inline code in the second column.
        var spellings: [String] { DocumentedNames.code(in: martlet) }
    }

    static func chapter() throws -> [Group<Row>] {
        let page = try text("Docs/orm.md")
        guard let start = page.firstRange(of: "\n## Django's ORM in Martlet\n") else { return [] }
        return rows(of: String(page[start.upperBound...]))
    }

    /// The names that `orm_names.py` has read off Django.
    static func django() throws -> [Group<String>] {
        try groups(of: text("Tests/MartletORMTests/Documentation/Django/orm_names.txt"))
    }

    static func groups(of text: String) -> [Group<String>] {
        var groups: [Group<String>] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("["), line.hasSuffix("]") {
                groups.append(Group(heading: String(line.dropFirst().dropLast()), content: []))
            } else if !groups.isEmpty {
                groups[groups.count - 1].content.append(String(line))
            }
        }
        return groups
    }

    /// The tables under each heading of the third level, without their first two lines.
    static func rows(of text: String) -> [Group<Row>] {
        var groups: [Group<Row>] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("### ") {
                groups.append(Group(heading: String(line.dropFirst(4)), content: []))
            } else if line.hasPrefix("|"), !groups.isEmpty, let row = row(line), row.django != "Django" {
                groups[groups.count - 1].content.append(row)
            }
        }
        return groups
    }

    /// `nil` for the line of hyphens; a line without three cells has no spelling, which a test refuses.
    private static func row(_ line: Substring) -> Row? {
        // U+0001 stands for a bar that Markdown does not take as the end of a cell.
        let cells = line.replacing("\\|", with: "\u{1}").split(separator: "|", omittingEmptySubsequences: false)
            .dropFirst().dropLast()
            .map { Self.trimmed($0.replacing("\u{1}", with: "|")) }
        guard cells.first?.hasPrefix("---") != true else { return nil }
        guard cells.count == 3 else { return Row(django: String(line), martlet: "", remark: "not three cells") }
        return Row(django: cells[0], martlet: cells[1], remark: cells[2])
    }

    private static func trimmed(_ cell: some StringProtocol) -> String {
        let start = cell.drop { $0 == " " }
        return String(start[..<(start.lastIndex { $0 != " " }.map(start.index(after:)) ?? start.startIndex)])
    }

    /// Every second piece between backticks.
    static func code(in cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .compactMap { $0.offset.isMultiple(of: 2) ? nil : String($0.element) }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The package's folder.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
}
