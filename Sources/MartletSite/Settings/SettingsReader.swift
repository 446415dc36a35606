/// Reads variables into types, remembers every one that does not fit, and which were asked for.
///
/// ```swift
/// struct WeatherSettings: SettingsGroup {
///     let key: Secret<String>
///     let timeout: Duration
///
///     init(_ reader: inout SettingsReader) {
///         reader.section("The weather", for: [.worker])
///         key = reader.secret("WEATHER_KEY", expected: "the key of weather.example.org", about: "Pays for forecasts.")
///         timeout = reader.duration("WEATHER_TIMEOUT", default: .seconds(5), about: "How long a forecast may take.")
///     }
/// }
/// ```
///
/// Whatever is asked for shows in `manage settings` and in the `.env.example` that `manage env-example` writes, in the
/// order in which it is asked for. A variable that only other roles need may be missing; one that is there is read.
public struct SettingsReader {
    let environment: Environment

    /// What the process is for.
    public let role: Role

    /// What was wrong so far.
    public private(set) var problems: [String]

    /// What was asked for so far, in order, each name once.
    public private(set) var declared: [DeclaredSetting] = []

    /// Values that look as if they were not meant: with a carriage return or quotes in them, say.
    public private(set) var oddities: [String] = []

    private var places: [String: Int] = [:]
    private var sectionTitle = ""
    private var sectionRoles = Roles.all
    private var examples: [String: String] = [:]
    /// Secrets whose file was reported: they are not missing besides.
    private var unreadable: Set<String> = []

    /// Makes a reader.
    public init(_ environment: Environment, role: Role = .web) {
        self.environment = environment
        self.role = role
        problems = environment.problems
    }

    /// Puts what follows below a heading of its own.
    ///
    /// - Parameter roles: Who needs what follows, unless it says otherwise itself.
    public mutating func section(_ title: String, for roles: Roles = .all) {
        sectionTitle = title
        sectionRoles = roles
    }

    /// Gives values that `.env.example` shall have for a project, in place of defaults: `["KVDB_PREFIX": "blog"]`.
    public mutating func examples(_ values: [String: String]) {
        examples.merge(values) { $1 }
        for (name, value) in values {
            change(name) { setting in
                setting.example = value
                setting.isSetInExample = true
            }
        }
    }

    /// Notes that a setting was asked for.
    mutating func declare(
        _ name: String, default text: String?, for roles: Roles? = nil, isSecret: Bool = false,
        example: String? = nil, about: String
    ) {
        let new = DeclaredSetting(
            name: name, about: about, section: sectionTitle, roles: roles ?? sectionRoles, isSecret: isSecret,
            defaultText: text, example: examples[name] ?? example,
            isSetInExample: examples[name] != nil,
            value: text.map { isSecret ? MaskedText.secret($0) : representation(of: $0) } ?? "none", origin: "default")
        if places[name] == nil {
            places[name] = declared.count
            declared.append(new)
        }
    }

    /// The variable, if it is set; of a secret also the file that `NAME_FILE` names.
    mutating func entry(_ name: String) -> Environment.Entry? {
        let isSecret = setting(name)?.isSecret == true
        guard let entry = isSecret ? secretEntry(name) : environment[name] else { return nil }
        change(name) { setting in
            setting.origin = entry.origin
            setting.value = isSecret ? MaskedText.secret(entry.value) : representation(of: MaskedText.url(entry.value))
        }
        if let oddity = ValueOddity.first(in: entry.value) {
            let line = "\(name) (\(entry.origin)) \(oddity.words)."
            if !oddities.contains(line) { oddities.append(line) }
        }
        return entry
    }

    /// Says how the value was understood.
    mutating func resolve(_ name: String, as value: String) { change(name) { $0.value = value } }

    /// The declaration of that name.
    func setting(_ name: String) -> DeclaredSetting? { places[name].map { declared[$0] } }

    private mutating func change(_ name: String, _ change: (inout DeclaredSetting) -> Void) {
        if let place = places[name] { change(&declared[place]) }
    }

    /// Notes that a variable does not fit; the found value is shown the way a debugger would show it, and a secret not
    /// at all.
    public mutating func report(_ name: String, expected: String) {
        if let entry = setting(name)?.isSecret == true ? secretEntry(name) : environment[name] {
            report(name, entry, expected: expected)
        }
    }

    mutating func report(_ name: String, _ entry: Environment.Entry, expected: String) {
        let isSecret = setting(name)?.isSecret == true
        let shown = isSecret ? MaskedText.secret(entry.value) : representation(of: MaskedText.url(entry.value))
        add("\(name) (\(entry.origin)) is \(shown); it must be \(expected).\(exampleText(name))")
    }

    /// Notes a problem in words of its own.
    public mutating func report(_ problem: String) { add(problem) }

    /// Notes that a variable is missing, if the process's role needs it.
    ///
    /// - Parameter expected: What it must be.
    public mutating func require(_ name: String, _ expected: String) {
        change(name) { $0.isRequired = true }
        let roles = setting(name)?.roles ?? sectionRoles
        guard roles.contains(role), !unreadable.contains(name) else { return }
        let who = roles.named == nil ? "" : " The role \(role) needs it."
        add("\(name) is not set.\(who) It must be \(expected).\(exampleText(name))")
    }

    mutating func noteUnreadable(_ name: String) { unreadable.insert(name) }

    private mutating func add(_ problem: String) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// An example, where the expectation has none: the default, or what the setting says.
    private func exampleText(_ name: String) -> String {
        guard let setting = setting(name) else { return "" }
        let isDefaultUseful = !setting.isSecret && setting.defaultText?.isEmpty == false
        guard let example = setting.example ?? (isDefaultUseful ? setting.defaultText : nil) else { return "" }
        return " Example: \(name)=\(example)"
    }

    /// Ends the reading.
    ///
    /// - Throws: ``SettingsError`` with every problem.
    public func finish() throws(SettingsError) {
        if !problems.isEmpty { throw SettingsError(problems: problems, notes: environment.notes) }
    }
}
