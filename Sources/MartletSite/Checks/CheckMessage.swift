/// One finding of `manage check`.
public struct CheckMessage: Sendable, Hashable, CustomStringConvertible {
    /// How serious it is.
    public let level: CheckLevel
    /// Names the kind of finding, such as `security.W004`; stable, so that it can be looked up and silenced.
    public let id: String
    /// What is wrong, with the names involved.
    public let message: String
    /// What to do about it.
    public let hint: String
    /// Where: a file and line, a model, a migration; empty for the whole site.
    public let place: String

    /// Makes a finding.
    ///
    /// - Parameters:
    ///   - id: The app's label or another word, a dot, a letter for the level and three digits: `shop.W001`.
    ///   - hint: What to do about it.
    ///   - place: Where, if that is known.
    public init(_ level: CheckLevel, _ id: String, _ message: String, hint: String = "", place: String = "") {
        self.level = level
        self.id = id
        self.message = message
        self.hint = hint
        self.place = place
    }

    /// A finding that may not be what is wanted.
    public static func warning(_ id: String, _ message: String, hint: String = "", place: String = "") -> Self {
        Self(.warning, id, message, hint: hint, place: place)
    }

    /// A finding that does not work.
    public static func error(_ id: String, _ message: String, hint: String = "", place: String = "") -> Self {
        Self(.error, id, message, hint: hint, place: place)
    }

    /// `Blog/URLs.swift:12: error urls.E004: … (hint)`.
    public var description: String {
        (place.isEmpty ? "" : "\(place): ") + "\(level) \(id): \(message)" + (hint.isEmpty ? "" : " \(hint)")
    }
}
