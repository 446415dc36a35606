/// `text` with line breaks between words, so that no line is longer than `width` characters unless a word is.
///
/// Spaces stay, except those that a break replaces.
func wrapped(_ text: String, width: Int) -> String {
    let lines = text.replacingText("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { line in
        let parts = wrappedLine(String(line), width)
        return parts.isEmpty ? String(line) : parts.joined(separator: "\n")
    }.joined(separator: "\n")
}

private func wrappedLine(_ line: String, _ width: Int) -> [String] {
    let pieces = piecesOfLine(line)
    var lines: [String] = []
    var index = 0
    while index < pieces.count {
        // A break takes the place of the spaces it stands in.
        if !lines.isEmpty, pieces[index].isSpace { index += 1 }
        var current: [Piece] = []
        var length = 0
        while index < pieces.count, length + pieces[index].count <= width || current.isEmpty {
            length += pieces[index].count
            current.append(pieces[index])
            index += 1
        }
        if let last = current.last, last.isSpace { current.removeLast() }
        if !current.isEmpty { lines.append(current.map(\.text).joined()) }
    }
    return lines
}

/// A word, or the spaces between two.
private struct Piece {
    var text = ""
    var count = 0
    let isSpace: Bool
}

/// The words of a line and the spaces between them; a tab becomes the spaces up to the next multiple of eight.
private func piecesOfLine(_ line: String) -> [Piece] {
    var pieces: [Piece] = []
    var column = 0
    for scalar in line.unicodeScalars {
        let isSpace = scalar == " " || ("\t"..."\r").contains(scalar)
        if pieces.last?.isSpace != isSpace { pieces.append(Piece(isSpace: isSpace)) }
        let last = pieces.count - 1
        let width = scalar == "\t" ? 8 - column % 8 : 1
        if scalar == "\t" {
            pieces[last].text += String(repeating: " ", count: width)
        } else {
            pieces[last].text.unicodeScalars.append(scalar)
        }
        pieces[last].count += width
        column += width
    }
    return pieces
}
