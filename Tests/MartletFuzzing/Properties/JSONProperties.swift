import MartletJSON

/// A value that was read is the same when it is written and read again.
enum JSONProperties {
    @Sendable static func check(_ input: [UInt8]) {
        guard let value = try? JSON.parse(input) else { return }
        for asciiOnly in [false, true] {
            var writer = JSONWriter(asciiOnly: asciiOnly)
            guard (try? writer.value(value)) != nil else { return require(false, "\(value) cannot be written") }
            require(!asciiOnly || writer.bytes.allSatisfy { $0 < 0x80 }, "beyond ASCII")
            let again = try? JSON.parse(writer.bytes)
            require(again == value, "\(value) becomes \(again.map { "\($0)" } ?? "nothing")")
        }
    }
}
