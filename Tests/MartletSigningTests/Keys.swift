import FoundationEssentials
import MartletSigning

/// The key that Django made the expectations of these tests with.
let testKeys = SigningKeys("swift-framework-test-key")

/// When Django made them: 2026-01-01.
let newYear = Date(timeIntervalSince1970: 1_767_225_600)

/// What an attacker may try, as in Django's tests.
struct Tampering: Sendable, CustomStringConvertible {
    let description: String
    let change: @Sendable (String) -> String

    static let all = [
        Tampering(description: "in capitals") { $0.uppercased() },
        Tampering(description: "a letter more") { $0 + "a" },
        Tampering(description: "another first letter") { "a" + $0.dropFirst() },
        Tampering(description: "no separator") { $0.filter { $0 != ":" } },
        Tampering(description: "no signature") { String($0[...($0.lastIndex(of: ":") ?? $0.startIndex)]) },
        Tampering(description: "nothing") { _ in "" },
        Tampering(description: "a separator alone") { _ in ":" },
        Tampering(description: "many separators") { _ in String(repeating: ":", count: 10_000) },
        Tampering(description: "another signature of the right length") {
            $0.dropLast(43) + String(repeating: "A", count: 43)
        },
        Tampering(description: "a zero byte at the end") { $0 + "\0" },
    ]
}
