/// A part of a moment, as Django's lookup of that name.
public enum DatePart: String, Sendable, Hashable, CaseIterable {
    /// The year.
    case year
    /// The year of the ISO week.
    case isoYear = "iso_year"
    /// The quarter, 1 to 4.
    case quarter
    /// The month, 1 to 12.
    case month
    /// The ISO week, 1 to 53.
    case week
    /// The day of the month, 1 to 31.
    case day
    /// The day of the week, 1 for Sunday to 7 for Saturday.
    case weekDay = "week_day"
    /// The day of the ISO week, 1 for Monday to 7 for Sunday.
    case isoWeekDay = "iso_week_day"
    /// The hour, 0 to 23.
    case hour
    /// The minute, 0 to 59.
    case minute
    /// The second, 0 to 59, without its fraction.
    case second
}
