package import MartletServer

/// A variable of the environment that sets one property of the server's settings.
package struct ServerVariable: Sendable {
    /// The variable's name.
    package let name: String

    /// What it sets, in words.
    package let meaning: String

    /// The value that stands where the variable does not, as the environment would say it.
    package let defaultText: String

    /// The property that it sets.
    package let property: any PartialKeyPath<ServerSettings> & Sendable

    let read: @Sendable (inout SettingsReader, inout ServerSettings) -> Void

    private init(
        _ name: String, _ property: any PartialKeyPath<ServerSettings> & Sendable, _ meaning: String,
        default text: String,
        read: @escaping @Sendable (inout SettingsReader, inout ServerSettings) -> Void
    ) {
        self.name = name
        self.meaning = meaning
        self.property = property
        defaultText = text
        self.read = read
    }

    /// The meaning as `.env.example` has it; tables have it in lower case.
    private static func sentence(_ meaning: String) -> String { meaning.prefix(1).uppercased() + meaning.dropFirst() }

    static func duration(
        _ name: String, _ property: any WritableKeyPath<ServerSettings, Duration> & Sendable, orZero: Bool = false,
        _ meaning: String
    ) -> Self {
        Self(name, property, meaning, default: Quantity.text(ServerSettings()[keyPath: property])) { reader, settings in
            let expected =
                "a duration\(orZero ? "" : " above zero") with one of the units ms, s, m, h, such as 500ms or 10s"
            let standard = Quantity.text(ServerSettings()[keyPath: property])
            reader.read(
                name, expected: expected, into: &settings[keyPath: property], default: standard,
                about: sentence(meaning)
            ) { text in
                Quantity.duration(text).flatMap { $0 > .zero || orZero ? $0 : nil }
            }
        }
    }

    static func size(
        _ name: String, _ property: any WritableKeyPath<ServerSettings, Int> & Sendable, least: Int = 1,
        _ meaning: String
    ) -> Self {
        Self(name, property, meaning, default: Quantity.text(size: ServerSettings()[keyPath: property])) {
            reader, settings in
            let expected =
                "a size of at least \(least) with one of the units B, KB, MB, GB, such as 32KB or 2.5MB"
            let standard = Quantity.text(size: ServerSettings()[keyPath: property])
            reader.read(
                name, expected: expected, into: &settings[keyPath: property], default: standard,
                about: sentence(meaning)
            ) { text in
                Quantity.size(text).flatMap { $0 >= least ? $0 : nil }
            }
        }
    }

    static func count(
        _ name: String, _ property: any WritableKeyPath<ServerSettings, Int> & Sendable, in range: ClosedRange<Int>,
        _ meaning: String
    ) -> Self {
        Self(name, property, meaning, default: "\(ServerSettings()[keyPath: property])") { reader, settings in
            settings[keyPath: property] = reader.int(
                name, default: settings[keyPath: property], in: range, about: sentence(meaning))
        }
    }

    static func flag(
        _ name: String, _ property: any WritableKeyPath<ServerSettings, Bool> & Sendable, _ meaning: String
    ) -> Self {
        Self(name, property, meaning, default: "\(ServerSettings()[keyPath: property])") { reader, settings in
            settings[keyPath: property] = reader.bool(
                name, default: settings[keyPath: property], about: sentence(meaning))
        }
    }

    static func other<Value>(
        _ name: String, _ property: any WritableKeyPath<ServerSettings, Value> & Sendable, default text: String,
        expected: String, _ meaning: String, _ read: @escaping @Sendable (String) -> Value?
    ) -> Self {
        Self(name, property, meaning, default: text) { reader, settings in
            reader.read(
                name, expected: expected, into: &settings[keyPath: property], default: text.isEmpty ? nil : text,
                about: sentence(meaning), read)
        }
    }
}
