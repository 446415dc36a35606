import FoundationEssentials
import MartletValues

extension CalendarMoment {
    /// A day: what its midnight shows, in no time zone but UTC.
    init(_ day: CalendarDate) {
        self.init(day.startInUTC, in: .utc)
    }

    /// A time of day, on a day that nobody sees.
    init(_ time: TimeOfDay) {
        self.init(Date(timeIntervalSince1970: Double(time.microseconds) / 1_000_000), in: .utc)
    }
}
