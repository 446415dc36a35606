import MartletPickle

/// A pickle that was read is the same when it is written and read again, and it never costs more than its limits.
enum PickleProperties {
    @Sendable static func check(_ input: [UInt8]) {
        let limits = PickleLimits(depth: 64, bytes: 1 << 20, values: 10_000)
        // Pickles begin with their protocol; most inputs would fail there.
        for bytes in [input, [0x80, 4] + input] {
            guard let value = try? Pickle.loads(bytes, limits: limits) else { continue }
            guard let written = try? Pickle.dumps(value) else { return require(false, "\(value) cannot be written") }
            guard let again = try? Pickle.loads(written) else { return require(false, "\(value) cannot be read again") }
            // Bytes are compared: not-a-number is not equal to itself.
            require((try? Pickle.dumps(again)) == written, "\(value) becomes \(again)")
        }
    }
}
