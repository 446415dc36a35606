extension String {
    /// Whether the bytes of `part` occur, as Python's `in` asks. Swift's own search compares whole characters, so that
    /// it would not find a letter that has an accent of its own.
    func containsText(_ part: String) -> Bool {
        part.isEmpty || !Array(utf8).places(of: Array(part.utf8), limit: 1).isEmpty
    }

    /// Every occurrence of the bytes of `part` replaced.
    func replacingText(_ part: String, with replacement: String) -> String {
        guard !part.isEmpty, !isEmpty else { return self }
        let bytes = Array(utf8)
        let part = Array(part.utf8)
        let places = bytes.places(of: part, limit: Int.max)
        guard !places.isEmpty else { return self }
        var result: [UInt8] = []
        var start = 0
        for place in places {
            result += bytes[start..<place]
            result += replacement.utf8
            start = place + part.count
        }
        return String(decoding: result + bytes[start...], as: UTF8.self)
    }
}

extension [UInt8] {
    /// Where `part` begins, from left to right without overlaps.
    fileprivate func places(of part: [UInt8], limit: Int) -> [Int] {
        guard let first = part.first, part.count <= count else { return [] }
        var places: [Int] = []
        var index = 0
        while index <= count - part.count, places.count < limit {
            if self[index] == first, self[index..<(index + part.count)].elementsEqual(part) {
                places.append(index)
                index += part.count
            } else {
                index += 1
            }
        }
        return places
    }
}
