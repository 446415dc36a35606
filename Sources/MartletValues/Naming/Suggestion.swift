/// The word that somebody who mistyped has meant.
package enum Suggestion {
    /// ` Did you mean 'migrate'?`, or nothing.
    package static func text(for word: String, among words: [String]) -> String {
        nearest(to: word, among: words).map { " Did you mean '\($0)'?" } ?? ""
    }

    /// The nearest word, if it is near: a third of the letters may differ, and never more than three.
    package static func nearest(to word: String, among words: [String]) -> String? {
        guard word.count > 1 else { return nil }
        let near = words.map { (word: $0, distance: distance($0, word)) }.min { $0.distance < $1.distance }
        guard let near, near.distance <= min(3, max(1, word.count / 3)) else { return nil }
        return near.word
    }

    /// How many letters must change to make one word of the other (Levenshtein).
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right)
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let next = min(row[column] + 1, row[column + 1] + 1, diagonal + (letter == right[column] ? 0 : 1))
                diagonal = row[column + 1]
                row[column + 1] = next
            }
        }
        return row[right.count]
    }
}
