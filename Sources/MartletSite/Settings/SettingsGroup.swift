/// Settings of a project or a package beside those that every site has.
///
/// ```swift
/// public func makeSettings(_ reader: inout SettingsReader) -> Settings {
///     var settings = Settings(&reader)
///     settings.add(WeatherSettings(&reader))
///     return settings
/// }
/// public let site = Site(apps: [blogApp], urls: siteURLs, settings: makeSettings)
///
/// let key = try RunningSite.current?.settings.group(WeatherSettings.self).key
/// ```
public protocol SettingsGroup: Sendable {
    /// Reads the group; what is missing or does not fit is told to the reader, and shows with everything else.
    init(_ reader: inout SettingsReader)
}

/// The groups of a project, by type.
struct SettingsGroups: Sendable, CustomReflectable {
    private var groups: [ObjectIdentifier: any SettingsGroup] = [:]

    mutating func add(_ group: some SettingsGroup) { groups[ObjectIdentifier(type(of: group))] = group }

    func group<Group: SettingsGroup>(_ type: Group.Type) -> Group? { groups[ObjectIdentifier(type)] as? Group }

    /// The debug page lists the settings inside of each group, where names that look secret are hidden.
    var customMirror: Mirror {
        let children = groups.values.map { (label: Optional("\(type(of: $0))"), value: $0 as Any) }
        return Mirror(self, children: children.sorted { $0.label ?? "" < $1.label ?? "" }, displayStyle: .struct)
    }
}

extension Settings {
    /// Adds a group, which takes the place of an earlier one of its type.
    public mutating func add(_ group: some SettingsGroup) { groups.add(group) }

    /// The settings of a group.
    ///
    /// - Throws: ``SettingsError`` when the project's function has not added it.
    public func group<Group: SettingsGroup>(_ type: Group.Type) throws(SettingsError) -> Group {
        guard let group = groups.group(type) else {
            throw SettingsError(problems: [
                "The settings have no group \(type). Write `settings.add(\(type)(&reader))` in the function that makes "
                    + "them, and give that to the site: Site(…, settings: makeSettings)."
            ])
        }
        return group
    }
}
