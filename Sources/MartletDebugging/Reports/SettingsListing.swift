import MartletReporting

/// The names and values of settings, secrets hidden.
package struct SettingsListing: Sendable {
    /// A name with its value.
    package struct Entry: Sendable, Hashable {
        /// The name; that of a setting inside another has a dot: `server.maxConnections`.
        package let name: String
        /// The value as text, or `[hidden]`.
        package let value: String
    }

    /// The settings, as they are declared.
    package let entries: [Entry]

    /// Structs in structs in structs are as deep as settings go.
    private static let depth = 3

    /// Lists the stored properties of a value.
    package init(reflecting settings: Any) {
        entries = Self.entries(of: settings, under: "", depth: Self.depth)
    }

    private static func entries(of value: Any, under prefix: String, depth: Int) -> [Entry] {
        Mirror(reflecting: value).children.flatMap { child -> [Entry] in
            guard let label = child.label else { return [] }
            let name = prefix + label
            if HiddenNames.contains(label) { return [Entry(name: name, value: HiddenNames.placeholder)] }
            guard let value = unwrapped(child.value) else { return [Entry(name: name, value: "none")] }
            let mirror = Mirror(reflecting: value)
            if depth > 1, mirror.displayStyle == .struct, !(value is any CustomStringConvertible),
                !mirror.children.isEmpty
            {
                return entries(of: value, under: name + ".", depth: depth - 1)
            }
            return [Entry(name: name, value: text(value))]
        }
    }

    private static func unwrapped(_ value: Any) -> Any? {
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .optional else { return value }
        return mirror.children.first?.value
    }

    private static func text(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .collection else { return withoutPassword("\(value)") }
        let parts = mirror.children.map { withoutPassword("\($0.value)") }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }

    /// An address may have a name and password before its host: `scheme://user:password@host`.
    private static func withoutPassword(_ text: String) -> String {
        guard let scheme = text.firstRange(of: "://"), let at = text[scheme.upperBound...].lastIndex(of: "@") else {
            return text
        }
        return text[..<scheme.upperBound] + HiddenNames.placeholder + text[at...]
    }
}
