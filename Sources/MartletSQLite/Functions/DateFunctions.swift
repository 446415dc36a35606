import FoundationEssentials
import MartletCalendar
import MartletORM

extension ScalarFunction {
    /// Moments are text in UTC; clocks of a zone are read by the system's rules for it.
    static let dates = [
        ScalarFunction("martlet_local_time", 2) { a in
            let zone = try ZoneCache.rules(named: 1, of: a)
            let (seconds, microseconds) = try instant(a, 0)
            return .text(text(seconds + zone.offset(at: seconds), microseconds))
        },
        ScalarFunction("martlet_moment", 2) { a in
            let zone = try ZoneCache.rules(named: 1, of: a)
            let (seconds, microseconds) = try instant(a, 0)
            return .text(text(zone.instant(ofLocal: seconds), microseconds))
        },
        ScalarFunction("martlet_truncate", 3) { a in
            let zone = try ZoneCache.rules(named: 2, of: a)
            let (seconds, _) = try instant(a, 1)
            return .text(text(try truncated(seconds, to: a.text(0), zone), 0))
        },
        ScalarFunction("martlet_time_between", 2) { a in
            let (later, earlier) = (try instant(a, 0), try instant(a, 1))
            return .integer(Int64((later.0 - earlier.0) * 1_000_000 + later.1 - earlier.1))
        },
        ScalarFunction("martlet_add_time", 2) { a in
            let (seconds, microseconds) = try instant(a, 0)
            let (sum, overflows) = microseconds.addingReportingOverflow(Int(a.integer(1)))
            guard !overflows else { throw FunctionError("a moment is out of range") }
            let (carried, rest) = floorDivision(sum, 1_000_000)
            return .text(try checkedText(seconds + carried, rest))
        },
    ]

    /// Seconds since 1970 and the microseconds beyond.
    private static func instant(_ a: FunctionArguments, _ index: Int) throws(FunctionError) -> (Int, Int) {
        guard let date = DateTimeText.date(from: a.bytes(index)) else {
            throw FunctionError("'\(a.text(index).prefix(40))' is no moment")
        }
        let (days, seconds, microseconds) = DateTimeText.components(of: date)
        return (days * 86_400 + seconds, microseconds)
    }

    private static func text(_ seconds: Int, _ microseconds: Int) -> String {
        DateTimeText.string(
            from: Date(timeIntervalSince1970: Double(seconds) + Double(microseconds) / 1_000_000))
    }

    /// The years 1 to 9999, which the text can hold.
    private static func checkedText(_ seconds: Int, _ microseconds: Int) throws(FunctionError) -> String {
        guard (-62_135_596_800..<253_402_300_800).contains(seconds) else {
            throw FunctionError("a moment is out of range")
        }
        return text(seconds, microseconds)
    }

    private static func truncated(_ seconds: Int, to unit: String, _ zone: ZoneRules) throws(FunctionError) -> Int {
        let offset = zone.offset(at: seconds)
        let local = seconds + offset
        // Within a day the offset stays, so that an hour that clocks show twice stays two.
        switch unit {
        case "second": return seconds
        case "minute": return local - floorDivision(local, 60).remainder - offset
        case "hour": return local - floorDivision(local, 3_600).remainder - offset
        default: break
        }
        let day = floorDivision(local, 86_400).quotient
        let date = CivilDate(daysSince1970: day)
        let first: Int? =
            switch unit {
            case "day": day
            case "week": day - floorDivision(date.weekday - 1, 7).remainder
            case "month": day - date.day + 1
            case "quarter": CivilDate(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1)?.daysSince1970
            case "year": CivilDate.firstDay(of: date.year)
            default: nil
            }
        guard let first else { throw FunctionError("'\(unit.prefix(40))' is nothing a moment is cut to") }
        return zone.instant(ofLocal: first * 86_400)
    }
}
