public import FoundationEssentials
import MartletCalendar

extension Date {
    /// The date as header fields have it: `Sun, 06 Nov 1994 08:49:37 GMT`. One outside the years 1…9999 is the nearest
    /// moment in them.
    ///
    /// Source: [RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7).
    public var httpDate: String { HTTPDate(self).description }

    /// Reads a date of a header field: the fixed-length form, or one of the two obsolete ones.
    ///
    /// - Returns: `nil` when the text is no such date.
    public init?(httpDate text: String) {
        guard let date = HTTPDate(text) else { return nil }
        self.init(timeIntervalSince1970: Double(date.secondsSince1970))
    }
}

/// A date in whole seconds, read and written without a calendar.
package struct HTTPDate: CustomStringConvertible {
    package let secondsSince1970: Int

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// The largest second that the form with four digits of a year can say.
    private static let range: ClosedRange<Int> = -62_135_596_800...253_402_300_799

    package init(secondsSince1970: Int) {
        self.secondsSince1970 = min(max(secondsSince1970, Self.range.lowerBound), Self.range.upperBound)
    }

    /// Any number of seconds, however large: one that `Int` cannot hold would trap.
    init(_ date: Date) {
        let (first, last) = (Double(Self.range.lowerBound), Double(Self.range.upperBound))
        let seconds = date.timeIntervalSince1970.rounded(.down)
        self.init(secondsSince1970: seconds.isNaN ? 0 : Int(min(max(seconds, first), last)))
    }

    package var description: String {
        let (days, second) = floorDivision(secondsSince1970, 86_400)
        let date = CivilDate(daysSince1970: days)
        let time = [second / 3_600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }.joined(separator: ":")
        let (weekday, month) = (Self.days[date.weekday], Self.months[date.month - 1])
        return "\(weekday), \(Self.padded(date.day, 2)) \(month) \(Self.padded(date.year, 4)) \(time) GMT"
    }

    /// Reads the three forms of RFC 9110 §5.6.7; the name of the day is not compared with the date.
    init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: true)
        switch words.count {
        case 6 where words[5] == "GMT" && words[0].utf8.count == 4 && words[0].hasSuffix(","):
            self.init(day: words[1], month: words[2], year: words[3], time: words[4])  // Sun, 06 Nov 1994 08:49:37 GMT
        case 4 where words[3] == "GMT" && words[0].hasSuffix("day,"):
            let date = words[1].split(separator: "-")  // Sunday, 06-Nov-94 08:49:37 GMT
            guard date.count == 3, date[2].utf8.count == 2 else { return nil }
            self.init(day: date[0], month: date[1], year: date[2], time: words[2])
        case 5 where words[0].utf8.count == 3:
            self.init(day: words[2], month: words[1], year: words[4], time: words[3])  // Sun Nov  6 08:49:37 1994
        default:
            return nil
        }
    }

    private init?(day: Substring, month: Substring, year: Substring, time: Substring) {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard let month = Self.months.firstIndex(of: String(month)), clock.count == 3,
            clock.allSatisfy({ $0.utf8.count == 2 }), let day = Self.number(day), let year = Self.year(year),
            let hour = Self.number(clock[0]), let minute = Self.number(clock[1]), let second = Self.number(clock[2]),
            (0..<24).contains(hour), (0..<60).contains(minute), (0...60).contains(second),
            let date = CivilDate(year: year, month: month + 1, day: day)
        else { return nil }
        self.init(secondsSince1970: date.daysSince1970 * 86_400 + hour * 3_600 + minute * 60 + second)
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    /// A year of two digits is one of 1970 to 2069: "more than 50 years in the future" without asking the clock.
    private static func year(_ text: Substring) -> Int? {
        guard let number = number(text) else { return nil }
        switch text.utf8.count {
        case 4: return number
        case 2: return number < 70 ? 2_000 + number : 1_900 + number
        default: return nil
        }
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
