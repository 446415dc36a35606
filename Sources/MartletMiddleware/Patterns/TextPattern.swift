import Synchronization

/// A regular expression that is read when the site starts, and looked for in what clients send.
///
/// ```swift
/// try TextPattern(#"^https://\w+\.example\.com$"#)
/// ```
///
/// Clients choose the text, so keep to expressions that cannot try a text in endless ways: no repeat inside a repeat.
public struct TextPattern: Sendable, CustomStringConvertible {
    /// The expression as it was written.
    public let description: String

    private let matcher: Matcher

    /// A `Regex` is not `Sendable`, so one request at a time may use it; a match takes a microsecond or two.
    private final class Matcher: Sendable {
        let regex: Mutex<Regex<AnyRegexOutput>>

        init(_ expression: String) throws {
            regex = Mutex(try Regex(expression).matchingSemantics(.unicodeScalar))
        }
    }

    /// Reads an expression of Swift's `Regex`, whose syntax is much like Python's.
    ///
    /// - Throws: ``TextPatternError`` for a text that is none.
    public init(_ expression: String) throws(TextPatternError) {
        description = expression
        do {
            matcher = try Matcher(expression)
        } catch {
            throw TextPatternError(expression: expression, reason: "\(error)")
        }
    }

    /// Whether the expression is found anywhere in a text, as with Python's `re.search`.
    public func isFound(in text: String) -> Bool {
        matcher.regex.withLock { text.firstMatch(of: $0) != nil }
    }

    /// Whether a text begins with the expression, as with Python's `re.match`.
    public func begins(_ text: String) -> Bool {
        matcher.regex.withLock { text.prefixMatch(of: $0) != nil }
    }
}

/// Why a text is no regular expression.
public struct TextPatternError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text.
    public let expression: String
    /// What is wrong with it.
    public let reason: String

    /// What is wrong, and what to do.
    public var description: String {
        "\(expression.debugDescription) is no regular expression (\(reason)). Correct it, or escape what is meant as it "
            + "stands with a backslash."
    }
}
