import MartletHTTP

extension SettingsReader {
    /// A text.
    ///
    /// - Parameters:
    ///   - roles: Who needs it, unless the section has said so.
    ///   - about: What it is for, for `.env.example`.
    public mutating func text(
        _ name: String, default value: String, for roles: Roles? = nil, about: String = ""
    ) -> String {
        declare(name, default: value, for: roles, about: about)
        return entry(name)?.value ?? value
    }

    /// A text, or nothing.
    public mutating func optionalText(
        _ name: String, for roles: Roles? = nil, example: String? = nil, about: String = ""
    ) -> String? {
        declare(name, default: nil, for: roles, example: example, about: about)
        return entry(name)?.value
    }

    /// A text that must be there.
    ///
    /// - Parameter expected: What it must be, for the message.
    /// - Returns: An empty text in a process of a role that does not need it.
    public mutating func requiredText(
        _ name: String, expected: String, for roles: Roles? = nil, example: String? = nil, about: String = ""
    ) -> String {
        declare(name, default: nil, for: roles, example: example, about: about)
        guard let entry = entry(name) else {
            require(name, expected)
            return ""
        }
        return entry.value
    }

    /// A host, such as `example.org` or `example.org:8443`, or nothing.
    public mutating func host(_ name: String, for roles: Roles? = nil, about: String = "") -> String? {
        var host = ""
        read(name, expected: "a host such as example.org", into: &host, for: roles, about: about) {
            RequestHost($0)?.description
        }
        return host.isEmpty ? nil : host
    }

    /// `true`, `yes`, `on`, `1`, and their opposites, in any case.
    public mutating func bool(
        _ name: String, default value: Bool, for roles: Roles? = nil, about: String = ""
    ) -> Bool {
        declare(name, default: "\(value)", for: roles, about: about)
        var result = value
        if let entry = entry(name) {
            switch entry.value.lowercased() {
            case "true", "yes", "on", "1": result = true
            case "false", "no", "off", "0": result = false
            default:
                report(name, entry, expected: "true or false")
                return value
            }
        }
        resolve(name, as: "\(result)")
        return result
    }

    /// A whole number in a range.
    public mutating func int(
        _ name: String, default value: Int, in range: ClosedRange<Int>, for roles: Roles? = nil, about: String = ""
    ) -> Int {
        declare(name, default: "\(value)", for: roles, about: about)
        var result = value
        if let entry = entry(name) {
            guard let number = Int(entry.value), range.contains(number) else {
                report(name, entry, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
                return value
            }
            result = number
        }
        resolve(name, as: "\(result)")
        return result
    }

    /// A duration above zero, such as `10s` or `500ms`.
    public mutating func duration(
        _ name: String, default value: Duration, for roles: Roles? = nil, about: String = ""
    ) -> Duration {
        var result = value
        read(
            name, expected: "a duration above zero with one of the units ms, s, m, h, such as 500ms or 10s",
            into: &result, default: Quantity.text(value), for: roles, about: about
        ) { Quantity.duration($0).flatMap { $0 > .zero ? $0 : nil } }
        return result
    }

    /// Texts between commas; blanks around them do not count.
    public mutating func list(
        _ name: String, default value: [String], for roles: Roles? = nil, example: String? = nil, about: String = ""
    ) -> [String] {
        declare(
            name, default: value.isEmpty ? nil : value.joined(separator: ","), for: roles, example: example,
            about: about)
        let items = entry(name).map { Self.items(of: $0.value) } ?? value
        resolve(name, as: "[" + items.map { representation(of: MaskedText.url($0)) }.joined(separator: ", ") + "]")
        return items
    }

    static func items(of text: String) -> [String] {
        text.split(separator: ",").map { item in
            String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    /// Texts between commas, each of which must be of a form.
    ///
    /// - Parameters:
    ///   - expected: The form, for the message.
    ///   - read: Reads one; `nil` when it is not of the form.
    public mutating func list<Value>(
        _ name: String, expected: String, for roles: Roles? = nil, about: String = "", _ read: (String) -> Value?
    ) -> [Value] {
        var values: [Value] = []
        for text in list(name, default: [], for: roles, about: about) {
            if let value = read(text) {
                values.append(value)
            } else {
                report("\(name) has \(representation(of: MaskedText.url(text))); it must be \(expected).")
            }
        }
        return values
    }

    /// A value of any form; where the variable is not set, or not of the form, the value stays what it is.
    ///
    /// - Parameters:
    ///   - expected: The form, for the message.
    ///   - default: The value that stays, as the environment would say it.
    ///   - read: Reads the text; `nil` when it is not of the form.
    public mutating func read<Value>(
        _ name: String, expected: String, into value: inout Value, default text: String? = nil,
        for roles: Roles? = nil, about: String = "", _ read: (String) -> Value?
    ) {
        declare(name, default: text, for: roles, about: about)
        guard let entry = entry(name) else { return }
        if let new = read(entry.value) { value = new } else { report(name, entry, expected: expected) }
    }

    /// One of a set of names.
    public mutating func choice<Value>(
        _ name: String, default value: Value, _ choices: KeyValuePairs<String, Value>, for roles: Roles? = nil,
        defaultName: String? = nil, about: String = ""
    ) -> Value {
        declare(name, default: defaultName ?? choices.first?.key, for: roles, about: about)
        guard let entry = entry(name) else { return value }
        if let match = choices.first(where: { $0.key == entry.value.lowercased() }) { return match.value }
        report(name, entry, expected: "one of " + choices.map(\.key).joined(separator: ", "))
        return value
    }
}
