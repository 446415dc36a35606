import FoundationEssentials

/// A few lines of a text around one of them.
package struct SourceExcerpt: Sendable, Hashable {
    /// A line with its number.
    package struct Line: Sendable, Hashable {
        /// Counted from 1.
        package let number: Int
        /// Without its line break.
        package let text: String
    }

    /// The lines.
    package let lines: [Line]

    /// The number of the line that is meant.
    package let marked: Int

    /// Files beyond this size, in bytes, are not read for a few lines of theirs.
    private static let sizeLimit = 4 << 20
    private static let lineLimit = 500

    /// Cuts an excerpt out of a text.
    ///
    /// - Returns: `nil` when the text has no such line.
    init?(of text: String, line: Int, around: Int = 5) {
        let all = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        guard line >= 1, line <= all.count else { return nil }
        let range = max(1, line - around)...min(all.count, line + around)
        lines = range.map { Line(number: $0, text: String(all[$0 - 1].prefix(Self.lineLimit))) }
        marked = line
    }

    /// Cuts an excerpt out of a file, if it is there; reads it.
    init?(ofFile path: String, line: Int) {
        let manager = FileManager.default
        guard let size = try? manager.attributesOfItem(atPath: path)[.size] as? Int, size <= Self.sizeLimit,
            let data = manager.contents(atPath: path)
        else { return nil }
        self.init(of: String(decoding: data, as: UTF8.self), line: line)
    }
}
