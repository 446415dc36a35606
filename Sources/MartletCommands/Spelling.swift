/// Words that are nearly alike.
enum Spelling {
    /// The word that is nearest to another, if it is near enough to have been meant.
    static func nearest(to word: String, among words: [String]) -> String? {
        let near = words.map { ($0, distance($0, word)) }.min { $0.1 < $1.1 }
        return near.flatMap { $0.1 <= 3 && $0.1 * 2 < word.count ? $0.0 : nil }
    }

    /// How many letters must change to make one word of the other (Levenshtein).
    static func distance(_ left: String, _ right: String) -> Int {
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
