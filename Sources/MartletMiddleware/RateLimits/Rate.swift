/// So many requests in so much time.
///
/// ```swift
/// Rate.requests(100, per: .minute)
/// Rate("5/hour")
/// ```
public struct Rate: Sendable, Hashable, LosslessStringConvertible {
    /// How many requests.
    public let count: Int

    /// In how much time.
    public let period: Period

    /// A length of time in whole seconds, at least one.
    public struct Period: Sendable, Hashable {
        /// The length in seconds.
        public let seconds: Int

        private init(_ seconds: Int) { self.seconds = min(max(seconds, 1), 366 * 86_400) }

        /// One second.
        public static let second = Period(1)
        /// 60 seconds.
        public static let minute = Period(60)
        /// 3,600 seconds.
        public static let hour = Period(3_600)
        /// 86,400 seconds.
        public static let day = Period(86_400)
        /// So many seconds: at least one, at most a year.
        public static func seconds(_ count: Int) -> Period { Period(count) }
        /// So many minutes.
        public static func minutes(_ count: Int) -> Period { Period(min(count, 1_000_000) * 60) }
        /// So many hours.
        public static func hours(_ count: Int) -> Period { Period(min(count, 1_000_000) * 3_600) }
    }

    private init(count: Int, period: Period) {
        // No store counts further.
        self.count = min(max(count, 0), 1_000_000_000)
        self.period = period
    }

    /// So many requests in a period; with 0 every request is refused.
    public static func requests(_ count: Int, per period: Period) -> Rate { Rate(count: count, period: period) }

    /// Reads a rate as Django REST framework's settings have it: a number, `/`, and one of
    /// `s`, `sec`, `second`, `m`, `min`, `minute`, `h`, `hour`, `d`, `day`.
    ///
    /// - Returns: `nil` for any other text.
    ///
    /// Source: Django REST framework, [Throttling](https://www.django-rest-framework.org/api-guide/throttling/).
    public init?(_ description: String) {
        let parts = description.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int(parts[0])
        else { return nil }
        switch parts[1] {
        case "s", "sec", "second": self.init(count: count, period: .second)
        case "m", "min", "minute": self.init(count: count, period: .minute)
        case "h", "hour": self.init(count: count, period: .hour)
        case "d", "day": self.init(count: count, period: .day)
        default: return nil
        }
    }

    /// `100/minute`, or `100/90s` where the period has no name.
    public var description: String {
        switch period {
        case .second: "\(count)/second"
        case .minute: "\(count)/minute"
        case .hour: "\(count)/hour"
        case .day: "\(count)/day"
        default: "\(count)/\(period.seconds)s"
        }
    }
}
