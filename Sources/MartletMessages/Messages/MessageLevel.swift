/// How important a message is: a number, larger for what matters more.
///
/// ```swift
/// extension MessageLevel {
///     static let critical = MessageLevel(rawValue: 50)
/// }
/// ```
///
/// Source: Django, [Message levels](https://docs.djangoproject.com/en/5.2/ref/contrib/messages/#message-levels).
public struct MessageLevel: RawRepresentable, Sendable, Hashable, Comparable {
    /// The number, which is what is stored.
    public let rawValue: Int

    /// Makes a level.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// For developers; 10. Not recorded unless asked for.
    public static let debug = MessageLevel(rawValue: 10)
    /// For the user; 20.
    public static let info = MessageLevel(rawValue: 20)
    /// Something worked; 25.
    public static let success = MessageLevel(rawValue: 25)
    /// Something did not fail, but might; 30.
    public static let warning = MessageLevel(rawValue: 30)
    /// Something failed; 40.
    public static let error = MessageLevel(rawValue: 40)

    /// Whether the one matters less.
    public static func < (left: MessageLevel, right: MessageLevel) -> Bool { left.rawValue < right.rawValue }

    /// Django's levels with the tags that style sheets know.
    public static let standardTags: [MessageLevel: String] = [
        .debug: "debug", .info: "info", .success: "success", .warning: "warning", .error: "error",
    ]
}
