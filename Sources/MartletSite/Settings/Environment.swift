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

    /// What is worth knowing about the `.env` file and no problem: line ends that were taken away, names that stand
    /// twice, or that it was not read at all.
    public let notes: [String]

    /// Makes an environment from values, as tests do.
    public init(_ values: [String: String]) {
        entries = values.mapValues { Entry(value: $0, origin: "environment") }
        problems = []
        notes = []
    }

    /// Makes an environment of variables and a file.
    ///
    /// - Parameters:
    ///   - variables: The process's variables.
    ///   - dotEnv: A file with further ones; a file that does not exist is passed over.
    public init(
        variables: [String: String] = ProcessInfo.processInfo.environment, dotEnv path: String? = nil
    ) {
        self.init(variables: variables, file: path.flatMap { LoadedFile($0) }, notes: [])
    }

    /// Makes the environment of a process of a site.
    ///
    /// The file is for runs without a container or a service manager. In production it is not read, lest a forgotten one
    /// decides; there `ENV_FILE` names the file that is to be read. A process is one of production unless its own
    /// variables, or else the file, say `DEBUG=true`; with a `SECRET_KEY` of its own, or `ENVIRONMENT=production`, what
    /// the file says of `DEBUG` counts for nothing.
    ///
    /// - Parameters:
    ///   - variables: The process's variables.
    ///   - path: The `.env` file of the site's folder.
    ///   - folder: Where a relative `ENV_FILE` starts from.
    public init(
        ofProcess variables: [String: String] = ProcessInfo.processInfo.environment, dotEnv path: String,
        folder: String = "."
    ) {
        if let named = variables["ENV_FILE"], !named.isEmpty {
            let place = named.hasPrefix("/") || folder == "." ? named : "\(folder)/\(named)"
            let missing = "ENV_FILE names '\(place)', which is not there. Correct the path, or unset ENV_FILE."
            self.init(variables: variables, file: LoadedFile(place) ?? LoadedFile(problem: missing), notes: [])
            return
        }
        guard let file = LoadedFile(path) else {
            self.init(variables: variables, file: nil, notes: [])
            return
        }
        guard Self.isDevelopment(variables, file) else {
            let note =
                "\(path) is there and was not read: a process in production reads it only when it is named. "
                + "Set ENV_FILE=\(path) to read it, or DEBUG=true on a machine for development."
            self.init(variables: variables, file: nil, notes: [note])
            return
        }
        self.init(variables: variables, file: file, notes: [])
    }

    private init(variables: [String: String], file: LoadedFile?, notes: [String]) {
        var entries = file?.entries ?? [:]
        for (name, value) in variables { entries[name] = Entry(value: value, origin: "environment") }
        self.entries = entries
        problems = file?.problems ?? []
        self.notes = notes + (file?.notes ?? [])
    }

    private static func isDevelopment(_ variables: [String: String], _ file: LoadedFile) -> Bool {
        func value(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let debug = value("DEBUG") { return isTrue(debug) }
        guard value("SECRET_KEY") == nil, value("SECRET_KEY_FILE") == nil, value("ENVIRONMENT") != "production" else {
            return false
        }
        return isTrue(file.entries["DEBUG"]?.value ?? "")
    }

    static func isTrue(_ text: String) -> Bool { ["true", "yes", "on", "1"].contains(text.lowercased()) }

    /// The names of the variables that a file has set, with their places.
    package var namesInFile: [(name: String, origin: String)] {
        entries.filter { $0.value.origin != "environment" }.map { ($0.key, $0.value.origin) }
            .sorted { $0.origin.count == $1.origin.count ? $0.origin < $1.origin : $0.origin.count < $1.origin.count }
    }

    /// The variable of that name; one that is empty counts as not set, as in shells' `${NAME:-}`.
    public subscript(_ name: String) -> Entry? {
        guard let entry = entries[name], !entry.value.isEmpty else { return nil }
        return entry
    }
}

/// What a `.env` file gives.
private struct LoadedFile {
    var entries: [String: Environment.Entry] = [:]
    var problems: [String] = []
    var notes: [String] = []

    init(problem: String) { problems = [problem] }

    /// Reads a file; `nil` when there is none.
    init?(_ path: String) {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
        else {
            problems = ["\(path) is no readable text in UTF-8. Write it again, or remove it."]
            return
        }
        let file = DotEnvFile(text: text)
        for assignment in file.assignments {
            entries[assignment.name] = Environment.Entry(
                value: assignment.value, origin: "\(path):\(assignment.line)")
        }
        problems = file.problems.map { "\(path):\($0.line): \($0.message)" }
        notes = file.notes.map { "\(path):\($0.line): \($0.message)" }
    }
}
