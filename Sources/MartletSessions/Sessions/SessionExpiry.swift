public import FoundationEssentials
import MartletJSON

/// When a session ends.
///
/// ```swift
/// try request.session.setExpiry(.atBrowserClose)
/// ```
///
/// Source: Django, [`set_expiry`](https://docs.djangoproject.com/en/5.2/topics/http/sessions/#django.contrib.sessions.backends.base.SessionBase.set_expiry).
public enum SessionExpiry: Sendable, Hashable {
    /// After so many seconds without a change; 0 is ``atBrowserClose``, as in Django.
    case seconds(Int)
    /// At a moment, whatever happens before.
    case date(Date)
    /// When the browser is closed; what is stored goes after the site's age.
    case atBrowserClose
    /// As the site's settings say.
    case standard
}

/// How long sessions live where nothing else was said, and the clock by which they age.
public struct SessionLifetime: Sendable {
    /// How long a session lives after its last change.
    public var age: Duration

    /// Whether browsers forget the cookie when they are closed.
    public var endsWithBrowser: Bool

    /// The time.
    let now: @Sendable () -> Date

    /// Under which key a session's own expiry is kept, as in Django.
    static let key = "_session_expiry"

    /// Makes a lifetime.
    ///
    /// - Parameters:
    ///   - age: How long a session lives after its last change, in whole seconds; two weeks unless told.
    ///   - endsWithBrowser: Whether browsers forget the cookie when they are closed.
    ///   - now: The time; the system's unless told.
    public init(
        age: Duration = .seconds(1_209_600), endsWithBrowser: Bool = false,
        now: @escaping @Sendable () -> Date = { .now }
    ) {
        self.age = age
        self.endsWithBrowser = endsWithBrowser
        self.now = now
    }

    /// The expiry that a session has itself.
    ///
    /// Django keeps seconds as a number and a moment as `datetime.isoformat()`. A text that is no moment is not believed.
    func expiry(of values: JSONObject) -> SessionExpiry {
        switch values[Self.key] {
        case .int(0): .atBrowserClose
        case .int(let seconds): .seconds(seconds)
        case .string(let text): Self.date(text).map { .date($0) } ?? .standard
        default: .standard
        }
    }

    /// The form in which an expiry is kept; `nil` for the standard one, which is not.
    static func value(of expiry: SessionExpiry) -> JSONValue? {
        switch expiry {
        case .seconds(let seconds): .int(seconds)
        case .atBrowserClose: .int(0)
        case .date(let date): .string(text(date))
        case .standard: nil
        }
    }

    /// In how many seconds a session ends that is changed now; may be negative. No more than a thousand years: Django
    /// keeps any number, and dates and products of it must not overflow.
    func age(of values: JSONObject) -> Int {
        switch expiry(of: values) {
        case .seconds(let seconds): Self.bounded(seconds)
        case .date(let date): Self.whole(date.timeIntervalSince(now()))
        case .atBrowserClose, .standard: Self.bounded(Int(clamping: age.components.seconds))
        }
    }

    /// When a session ends that was changed at a moment.
    ///
    /// - Parameter changed: Now unless told.
    func end(of values: JSONObject, changed: Date? = nil) -> Date {
        if case .date(let date) = expiry(of: values) { return date }
        // Databases have no year 10000; the age is bounded.
        return (changed ?? now()).addingTimeInterval(Double(age(of: values)))
    }

    /// Whether browsers are to forget a session's cookie when they are closed.
    func endsWithBrowser(_ values: JSONObject) -> Bool {
        switch expiry(of: values) {
        case .atBrowserClose: true
        case .standard: endsWithBrowser
        case .seconds, .date: false
        }
    }

    /// A thousand years.
    private static let longest = 31_557_600_000

    private static func bounded(_ seconds: Int) -> Int { min(max(seconds, -longest), longest) }

    private static func whole(_ interval: TimeInterval) -> Int {
        Int(min(max(interval, Double(-longest)), Double(longest)).rounded(.down))
    }

    /// As Python's `isoformat` writes a moment in UTC. A `Z` could not be read by Python before 3.11.
    private static func text(_ date: Date) -> String {
        var bytes: [UInt8] = []
        let years = Date(timeIntervalSince1970: -62_135_596_800)...Date(timeIntervalSince1970: 253_402_300_799)
        let date = min(max(date, years.lowerBound), years.upperBound)
        CalendarTime(date)?.appendISO8601(to: &bytes, fraction: .whenNotZero)
        return String(decoding: bytes.dropLast(), as: UTF8.self) + "+00:00"
    }

    /// A moment without an offset is one of a Django with `USE_TZ = False`; it is taken for UTC.
    private static func date(_ text: String) -> Date? {
        (CalendarTime(iso8601: text) ?? CalendarTime(iso8601: text + "Z"))?.date
    }
}
