import MartletHTTP

/// The field `tracestate`: what the tracing systems on the way of a request have to tell themselves. Nothing of it is
/// ours; it is checked and passed on.
///
/// Source: [W3C Trace Context §3.3](https://www.w3.org/TR/trace-context/#tracestate-header).
enum TraceState {
    /// More would be refused elsewhere.
    private static let mostMembers = 32

    /// Reads all fields of a request as one list.
    ///
    /// - Returns: The members with commas between them; `nil` when there are none, too many, or one is malformed: then
    ///   all are dropped, and the trace goes on.
    static func read(_ fields: [String]) -> String? {
        var members: [String] = []
        for part in fields.joined(separator: ",").split(at: ",") {
            let member = part.trimmingBlanks()
            if member.isEmpty { continue }
            guard members.count < mostMembers, isMember(member.utf8) else { return nil }
            members.append(member)
        }
        return members.isEmpty ? nil : members.joined(separator: ",")
    }

    private static func isMember(_ member: String.UTF8View) -> Bool {
        let parts = member.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && isKey(parts[0]) && isValue(parts[1])
    }

    /// A name, or `tenant@system`.
    private static func isKey(_ key: Substring.UTF8View) -> Bool {
        let parts = key.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        switch parts.count {
        case 1: return isName(parts[0], most: 256, mayBeginWithDigit: false)
        case 2:
            return isName(parts[0], most: 241, mayBeginWithDigit: true)
                && isName(parts[1], most: 14, mayBeginWithDigit: false)
        default: return false
        }
    }

    private static func isName(_ name: Substring.UTF8View, most: Int, mayBeginWithDigit: Bool) -> Bool {
        guard let first = name.first, name.count <= most, isLetter(first) || mayBeginWithDigit && isDigit(first) else {
            return false
        }
        return name.allSatisfy { isLetter($0) || isDigit($0) || "_-*/".utf8.contains($0) }
    }

    private static func isValue(_ value: Substring.UTF8View) -> Bool {
        (1...256).contains(value.count) && value.last != 0x20
            && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
