import MartletHTTP

/// The parts that a `Range` field asks for lie within the content, do not touch, and are few.
enum RangeProperties {
    @Sendable static func check(_ input: [UInt8]) {
        let length = Int(input.last ?? 0)
        let field = String(decoding: input.dropLast(), as: UTF8.self)
        guard case .parts(let ranges) = ByteRanges(field, of: length) else { return }
        require(!ranges.isEmpty && ranges.count <= ByteRanges.limit, "\(ranges.count) parts")
        for range in ranges { require(!range.isEmpty && range.upperBound <= length, "\(range) of \(length)") }
        let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
        for (left, right) in zip(sorted, sorted.dropFirst()) {
            require(left.upperBound < right.lowerBound, "\(left) and \(right)")
        }
        let written = ranges.map { "\($0.lowerBound)-\($0.upperBound - 1)" }.joined(separator: ",")
        require(ByteRanges("bytes=\(written)", of: length) == .parts(ranges), "\(written) becomes other parts")
    }
}
