/// How far a place's clocks are ahead of UTC, and what that is called there.
public struct TemplateTimeZone: Sendable {
    /// What clocks show at an instant.
    public struct Offset: Sendable, Equatable {
        /// Seconds ahead of UTC.
        public let seconds: Int
        /// For example `CEST`.
        public let abbreviation: String
        /// Whether it is summer time.
        public let isDaylight: Bool

        /// - Parameter seconds: Seconds ahead of UTC.
        public init(seconds: Int, abbreviation: String, isDaylight: Bool = false) {
            self.seconds = seconds
            self.abbreviation = abbreviation
            self.isDaylight = isDaylight
        }
    }

    /// The name, for example `Europe/Berlin`.
    public let identifier: String
    private let find: @Sendable (Int) -> Offset

    /// A zone whose offsets are found by a function.
    ///
    /// - Parameter offset: Gives the offset at an instant, in seconds since 1970 in UTC.
    public init(identifier: String, offset: @escaping @Sendable (Int) -> Offset) {
        self.identifier = identifier
        find = offset
    }

    /// Coordinated universal time.
    public static let utc = TemplateTimeZone(identifier: "UTC") { _ in Offset(seconds: 0, abbreviation: "UTC") }

    /// The offset at an instant.
    ///
    /// - Parameter seconds: Seconds since 1970 in UTC.
    public func offset(at seconds: Int) -> Offset { find(seconds) }
}
