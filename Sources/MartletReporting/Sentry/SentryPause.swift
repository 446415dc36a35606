import FoundationEssentials
import MartletHTTP
import MartletTransfer

/// How long a server of Sentry's wants no events.
///
/// Source: Sentry, [Rate Limiting](https://develop.sentry.dev/sdk/expected-features/rate-limiting/).
enum SentryPause {
    /// What counts where a server says "too many" and not for how long, in seconds.
    private static let standard = 60.0
    /// No pause is longer, whatever a header says: a day in seconds.
    private static let longest = 86_400.0

    /// When events may be sent again; `nil` for at once.
    static func end(_ answer: HTTPTransfer.Answer, now: Date) -> Date? {
        if let limits = answer.header("x-sentry-rate-limits") {
            let seconds = limits.split(separator: ",").compactMap(seconds).max()
            return seconds.map { now.addingTimeInterval(min($0, longest)) }
        }
        guard answer.status == 429 else { return nil }
        let field = answer.header("retry-after") ?? ""
        if let date = Date(httpDate: field) { return min(date, now.addingTimeInterval(longest)) }
        let seconds = Double(field).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil } ?? standard
        return now.addingTimeInterval(min(seconds, longest))
    }

    /// `60:error;security:organization`: the seconds, if the limit is about errors; one about nothing is about all.
    private static func seconds(_ limit: Substring) -> Double? {
        let parts = limit.split(separator: ":", omittingEmptySubsequences: false)
        guard let seconds = Double(parts[0].filter { $0 != " " }), seconds.isFinite, seconds >= 0 else { return nil }
        let categories = parts.count > 1 ? parts[1].split(separator: ";") : []
        return categories.isEmpty || categories.contains("error") ? seconds : nil
    }
}
