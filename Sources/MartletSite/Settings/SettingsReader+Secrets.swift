public import MartletLogging

extension SettingsReader {
    /// A secret that must be there: of the variable, or of the file that `NAME_FILE` names.
    ///
    /// - Parameters:
    ///   - fallback: What stands in for it; `nil` where it is required.
    ///   - expected: What it must be, for the message.
    /// - Returns: An empty text in a process of a role that does not need it.
    public mutating func secret(
        _ name: String, fallback: String? = nil,
        expected: String = "a long random text, for example from `openssl rand -base64 48`", for roles: Roles? = nil,
        about: String = ""
    ) -> Secret<String> {
        declare(name, default: fallback, for: roles, isSecret: true, about: about)
        if let entry = entry(name) { return Secret(entry.value) }
        if fallback == nil { require(name, expected) }
        return Secret(fallback ?? "")
    }

    /// A secret, or nothing.
    public mutating func optionalSecret(
        _ name: String, for roles: Roles? = nil, example: String? = nil, about: String = ""
    ) -> Secret<String>? {
        declare(name, default: nil, for: roles, isSecret: true, example: example, about: about)
        return entry(name).map { Secret($0.value) }
    }

    /// Secrets between commas.
    public mutating func secrets(_ name: String, for roles: Roles? = nil, about: String = "") -> [Secret<String>] {
        declare(name, default: nil, for: roles, isSecret: true, about: about)
        return entry(name).map { Self.items(of: $0.value).map { Secret($0) } } ?? []
    }

    /// What the variable holds, or the file that `NAME_FILE` names.
    ///
    /// The origin is then the file's path. Both at once are a problem: one of them is not what was meant.
    mutating func secretEntry(_ name: String) -> Environment.Entry? {
        let variable = environment[name]
        guard let file = environment["\(name)_FILE"] else { return variable }
        guard variable == nil else {
            report(
                "\(name) and \(name)_FILE are both set (\(variable?.origin ?? ""), \(file.origin)). Keep one of them.")
            return variable
        }
        switch SecretFile.read(file.value) {
        case .success(let text): return Environment.Entry(value: text, origin: file.value)
        case .failure(let problem):
            report(
                "\(name)_FILE (\(file.origin)) is \(representation(of: file.value)), but \(problem.words). "
                    + "It must be the path of a file that holds the value of \(name). Example: "
                    + "\(name)_FILE=/run/secrets/\(name.lowercased())")
            noteUnreadable(name)
            return nil
        }
    }
}
