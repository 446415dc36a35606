import FoundationEssentials
public import MartletHTTP

extension Route {
    /// Lets browsers and caches on the way keep the answers for a while.
    ///
    /// ```swift
    /// path("archive/<int:year>/", archive, name: "archive").cached(for: .minutes(5))
    /// ```
    ///
    /// Answers 200 and 304 to `GET` and `HEAD` get `Cache-Control: max-age` and `Expires`. Left alone are answers that say
    /// themselves how long they may be kept, and those that set a cookie: it is for one client only. Zero means
    /// `no-cache`: ask again each time.
    ///
    /// Source: Django, [per-view cache](https://docs.djangoproject.com/en/5.2/topics/cache/#the-per-view-cache).
    public func cached(for age: Duration) -> Route {
        setting(PageLifetime.self, to: age, note: "cached(\(age.components.seconds) s)")
    }
}

/// How long the answers of a route may be kept, in a route's storage.
public enum PageLifetime: RequestStorageKey {
    /// The time.
    public typealias Value = Duration
}

extension Response {
    /// Says how long the response may be kept, unless it says so itself or is for one client only.
    mutating func addLifetime(_ lifetime: Duration, now: Date = .now) {
        guard status == .ok || status == .notModified, !headers.contains(.setCookie),
            !headers.contains(.cacheControl), !headers.contains(.expires)
        else { return }
        let seconds = max(0, lifetime.components.seconds)
        headers.setUnchecked(.cacheControl, seconds == 0 ? "no-cache" : "max-age=\(seconds)")
        headers.setUnchecked(.expires, now.addingTimeInterval(Double(seconds)).httpDate)
    }
}
