import MartletHTTP
public import MartletLogging

/// What is wrong with the environment: all of it, so that one start is enough to know.
public struct SettingsError: Error, Sendable, CustomStringConvertible {
    /// One line for each variable.
    public let problems: [String]

    /// The problems, a line each.
    public var description: String {
        "The settings are not complete:\n" + problems.map { "  - \($0)" }.joined(separator: "\n")
    }
}

/// Reads variables into types and remembers every one that does not fit.
public struct SettingsReader {
    private let environment: Environment

    /// What was wrong so far.
    public private(set) var problems: [String]

    /// Makes a reader.
    public init(_ environment: Environment) {
        self.environment = environment
        problems = environment.problems
    }

    /// A text.
    public mutating func text(_ name: String, default value: String) -> String {
        environment[name]?.value ?? value
    }

    /// A text, or nothing.
    public func optionalText(_ name: String) -> String? {
        environment[name]?.value
    }

    /// A host, such as `example.org` or `example.org:8443`, or nothing.
    public mutating func host(_ name: String) -> String? {
        var host = ""
        read(name, expected: "a host such as example.org", into: &host) { RequestHost($0)?.description }
        return host.isEmpty ? nil : host
    }

    /// A secret that must be there.
    ///
    /// - Parameter fallback: What stands in for it in debug mode; `nil` where it is required.
    public mutating func secret(_ name: String, fallback: String?) -> Secret<String> {
        if let entry = environment[name] { return Secret(entry.value) }
        if fallback == nil {
            require(name, "a long random text, for example from `openssl rand -base64 48`")
        }
        return Secret(fallback ?? "")
    }

    /// `true`, `yes`, `on`, `1`, and their opposites, in any case.
    public mutating func bool(_ name: String, default value: Bool) -> Bool {
        guard let entry = environment[name] else { return value }
        switch entry.value.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default:
            report(name, entry, expected: "true or false")
            return value
        }
    }

    /// A whole number in a range.
    public mutating func int(_ name: String, default value: Int, in range: ClosedRange<Int>) -> Int {
        guard let entry = environment[name] else { return value }
        guard let number = Int(entry.value), range.contains(number) else {
            report(name, entry, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
            return value
        }
        return number
    }

    /// Texts between commas; blanks around them do not count.
    public mutating func list(_ name: String, default value: [String]) -> [String] {
        guard let entry = environment[name] else { return value }
        return entry.value.split(separator: ",").map { item in
            String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    /// Texts between commas, each of which must be of a form.
    ///
    /// - Parameters:
    ///   - expected: The form, for the message.
    ///   - read: Reads one; `nil` when it is not of the form.
    public mutating func list<Value>(_ name: String, expected: String, _ read: (String) -> Value?) -> [Value] {
        list(name, default: []).compactMap { text in
            let value = read(text)
            if value == nil {
                let shown = text.contains("@") ? "an item that is not shown" : text.debugDescription
                problems.append("\(name) has \(shown); it must be \(expected).")
            }
            return value
        }
    }

    /// A value of any form; where the variable is not set, or not of the form, the value stays what it is.
    ///
    /// - Parameters:
    ///   - expected: The form, for the message.
    ///   - read: Reads the text; `nil` when it is not of the form.
    public mutating func read<Value>(
        _ name: String, expected: String, into value: inout Value, _ read: (String) -> Value?
    ) {
        guard let entry = environment[name] else { return }
        if let new = read(entry.value) { value = new } else { report(name, entry, expected: expected) }
    }

    /// One of a set of names.
    public mutating func choice<Value>(_ name: String, default value: Value, _ choices: KeyValuePairs<String, Value>)
        -> Value
    {
        guard let entry = environment[name] else { return value }
        if let match = choices.first(where: { $0.key == entry.value.lowercased() }) { return match.value }
        report(name, entry, expected: "one of " + choices.map(\.key).joined(separator: ", "))
        return value
    }

    /// Notes that a variable does not fit; the found value is shown the way a debugger would show it.
    public mutating func report(_ name: String, expected: String) {
        if let entry = environment[name] { report(name, entry, expected: expected) }
    }

    private mutating func report(_ name: String, _ entry: Environment.Entry, expected: String) {
        // An address may hold a password, and whoever reads the log need not know it.
        let shown = entry.value.contains("@") ? "not shown" : entry.value.debugDescription
        problems.append("\(name) (\(entry.origin)) is \(shown); it must be \(expected).")
    }

    /// Notes that a variable is missing.
    public mutating func require(_ name: String, _ expected: String) {
        problems.append("\(name) is not set. It must be \(expected).")
    }

    /// Ends the reading.
    ///
    /// - Throws: ``SettingsError`` with every problem.
    public func finish() throws(SettingsError) {
        if !problems.isEmpty { throw SettingsError(problems: problems) }
    }
}
