public import FoundationEssentials

/// The variables a process was started with, and where each came from.
///
/// A variable of the process wins over one of a `.env` file.
public struct Environment: Sendable {
    /// A variable's value and where it was found.
    public struct Entry: Sendable, Hashable {
        /// The value.
        public let value: String
        /// `environment`, or file and line: `.env:12`.
        public let origin: String
    }

    private let entries: [String: Entry]

    /// Lines of the `.env` file that are no assignments.
    public let problems: [String]

    /// Makes an environment from values, as tests do.
    public init(_ values: [String: String]) {
        entries = values.mapValues { Entry(value: $0, origin: "environment") }
        problems = []
    }

    /// Makes the process's environment.
    ///
    /// - Parameters:
    ///   - variables: The process's variables.
    ///   - dotEnv: A file with further ones; a file that does not exist is passed over.
    public init(
        variables: [String: String] = ProcessInfo.processInfo.environment, dotEnv path: String? = nil
    ) {
        var entries: [String: Entry] = [:]
        var problems: [String] = []
        if let path, FileManager.default.fileExists(atPath: path) {
            if let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
            {
                let file = DotEnvFile(text: text)
                for assignment in file.assignments {
                    entries[assignment.name] = Entry(value: assignment.value, origin: "\(path):\(assignment.line)")
                }
                problems = file.problems.map { "\(path):\($0.line): \($0.message)" }
            } else {
                problems = ["\(path) is no readable text in UTF-8. Write it again, or remove it."]
            }
        }
        for (name, value) in variables { entries[name] = Entry(value: value, origin: "environment") }
        self.entries = entries
        self.problems = problems
    }

    /// The variable of that name; one that is empty counts as not set, as in shells' `${NAME:-}`.
    public subscript(_ name: String) -> Entry? {
        guard let entry = entries[name], !entry.value.isEmpty else { return nil }
        return entry
    }
}
