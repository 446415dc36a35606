/// The word that somebody who mistyped has meant.
package enum Suggestion {
    /// ` Did you mean 'migrate'?`, or nothing.
    package static func text(for word: String, among words: [String]) -> String {
        nearest(to: word, among: words).map { " Did you mean '\($0)'?" } ?? ""
    }

    /// The nearest word, if it is near: at most three slips, and no more than two for each five letters. Else the shortest
    /// that begins or ends with the word, if the word is most of it. Capitals count for nothing.
    package static func nearest(to word: String, among words: [String]) -> String? {
        guard word.count > 1 else { return nil }
        let typed = Array(word.lowercased())
        var best: (word: String, slips: Int, length: Int)?
        for word in words {
            let letters = Array(word.lowercased())
            let length = max(letters.count, typed.count)
            guard abs(letters.count - typed.count) <= mostSlips else { continue }
            let slips = slips(between: letters, and: typed)
            guard slips <= mostSlips, slips * 5 <= length * 2 else { continue }
            // The smaller part of the word: two slips in a long word are likelier than two in a short one.
            if best.map({ slips * $0.length < $0.slips * length }) ?? true { best = (word, slips, length) }
        }
        return best?.word ?? longer(than: typed, among: words)
    }

    private static let mostSlips = 3

    /// `dumpdata` for `dump`.
    private static func longer(than typed: [Character], among words: [String]) -> String? {
        words.filter { word in
            let letters = word.lowercased()
            // Seven letters for each three: as much of the word as Python's difflib wants.
            return letters.count * 3 <= typed.count * 7 && (letters.hasPrefix(typed) || letters.hasSuffix(typed))
        }.min { $0.count < $1.count }
    }

    /// How many slips make one word of the other: a letter too many, too few or wrong, or two neighbours that have changed
    /// places (the restricted distance of Damerau and Levenshtein).
    private static func slips(between left: [Character], and right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var least = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    least = min(least, beforeLast[column - 1] + 1)
                }
                current.append(least)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}

extension String {
    fileprivate func hasPrefix(_ letters: [Character]) -> Bool { starts(with: letters) }
    fileprivate func hasSuffix(_ letters: [Character]) -> Bool { reversed().starts(with: letters.reversed()) }
}
