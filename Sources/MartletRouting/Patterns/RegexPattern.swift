import Synchronization

/// A regular expression that threads can share, with what can be known of it before it matches.
///
/// Swift's `Regex` is not `Sendable`: it may hold closures, and it is prepared at its first use. So it is made anew for
/// each thread that matches at the same time, and handed from one to the next.
final class RegexPattern: Sendable {
    /// The longest text, in bytes, that is given to an expression: it bounds expressions whose time grows with a power of
    /// the length. Paths of people and programs are far shorter.
    static let longestText = 2_048

    /// The expression as it is written, as far as it is known; `(regex)` for one that was built in code.
    let text: String

    /// The captures in their order; `nil` for an expression whose type does not tell them.
    let captures: [RegexCapture]?

    /// What stands in a path for the captures, as it is written.
    let reverse: String?

    /// An expression that nobody uses at the moment.
    ///
    /// Unchecked: it is either in the list of idle ones, or in the one call that has taken it from there.
    private struct Idle: @unchecked Sendable {
        let regex: Regex<AnyRegexOutput>

        init<Output>(_ regex: Regex<Output>) {
            self.regex = Regex<AnyRegexOutput>(regex.matchingSemantics(.unicodeScalar))
        }
    }

    private let make: @Sendable () -> Idle
    /// Held only to take or give back an expression, never while it matches.
    private let idle: Mutex<[Idle]>

    init<Output>(_ regex: @escaping @Sendable () -> Regex<Output>, reverse: String?) {
        self.reverse = reverse
        captures = RegexCapture.list(of: Output.self)
        make = { Idle(regex()) }
        let first = regex()
        // The one way to see how an expression was written: for messages and the hazard check, never for matching.
        text = first._literalPattern ?? "(regex)"
        idle = Mutex([Idle(first)])
    }

    /// The captured parts of a text that is matched as a whole, a missing capture as `nil`; `nil` without a match.
    func match(_ text: Substring) -> [Range<String.Index>?]? {
        guard text.utf8.count <= Self.longestText else { return nil }
        let taken = idle.withLock { $0.popLast() } ?? make()
        defer { idle.withLock { $0.append(taken) } }
        // A transformation inside the expression may throw; to a path it means that it does not match.
        guard let match = try? taken.regex.wholeMatch(in: text) else { return nil }
        return match.output.dropFirst().map(\.range)
    }
}

/// Patterns are the same when they are the same declaration.
extension RegexPattern: Hashable {
    static func == (left: RegexPattern, right: RegexPattern) -> Bool { left === right }

    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What the type of an expression says about one of its captures.
struct RegexCapture: Sendable, Hashable {
    /// The name of `(?<name>…)`.
    let name: String?
    /// Whether the capture need not take part in a match.
    let isOptional: Bool

    /// The captures of an expression with this output, such as `(Substring, year: Substring, Optional<Substring>)`.
    ///
    /// The description of a tuple's type is the one place where Swift tells its labels without a value of it.
    ///
    /// - Returns: `nil` for `AnyRegexOutput`, which knows its captures only after a match.
    static func list(of output: Any.Type) -> [RegexCapture]? {
        if output == AnyRegexOutput.self { return nil }
        let text = "\(output)"
        guard text.hasPrefix("("), text.hasSuffix(")") else { return [] }
        return elements(of: text.dropFirst().dropLast()).dropFirst().map { element in
            let label = element.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            let isLabelled = element[label.endIndex...].hasPrefix(": ")
            let type = isLabelled ? element[label.endIndex...].dropFirst(2) : element
            return RegexCapture(name: isLabelled ? String(label) : nil, isOptional: type.hasPrefix("Optional<"))
        }
    }

    /// What stands between the commas outside of all brackets.
    private static func elements(of text: Substring) -> [Substring] {
        var depth = 0
        var elements: [Substring] = []
        var start = text.startIndex
        for index in text.indices {
            switch text[index] {
            case "<", "(", "[": depth += 1
            case ">", ")", "]": depth -= 1
            case "," where depth == 0:
                elements.append(text[start..<index])
                start = text.index(index, offsetBy: 2, limitedBy: text.endIndex) ?? text.endIndex
            default: break
            }
        }
        return elements + [text[start...]]
    }
}
