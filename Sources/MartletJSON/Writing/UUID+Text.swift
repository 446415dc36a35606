package import FoundationEssentials

extension UUID {
    /// Appends 36 characters in lower case; Foundation's `uuidString` is in capitals and allocates.
    package func appendLowercase(to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 36) { text in
            withUnsafeBytes(of: uuid) { octets in
                var end = 0
                for index in 0..<16 {
                    if Self.hasHyphen(before: index) {
                        text[end] = 0x2D
                        end += 1
                    }
                    text[end] = JSONText.hexadecimalDigit(octets[index] >> 4)
                    text[end + 1] = JSONText.hexadecimalDigit(octets[index] & 15)
                    end += 2
                }
            }
            bytes.append(contentsOf: text)
        }
    }

    /// Reads 36 characters of either case. Foundation's `init(uuidString:)` goes through `sscanf`.
    package init?(text: String) {
        var text = text
        var octets: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        let isValid = text.withUTF8 { text in
            withUnsafeMutableBytes(of: &octets) { octets in
                guard text.count == 36 else { return false }
                var place = 0
                for index in 0..<16 {
                    if Self.hasHyphen(before: index) {
                        guard text[place] == 0x2D else { return false }
                        place += 1
                    }
                    guard let high = JSONText.hexadecimalValue(text[place]),
                        let low = JSONText.hexadecimalValue(text[place + 1])
                    else { return false }
                    octets[index] = high << 4 | low
                    place += 2
                }
                return true
            }
        }
        guard isValid else { return nil }
        self.init(uuid: octets)
    }

    private static func hasHyphen(before index: Int) -> Bool {
        index == 4 || index == 6 || index == 8 || index == 10
    }
}
