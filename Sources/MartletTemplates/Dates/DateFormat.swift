/// A format of Django's `date` filter: `j F Y`, `\o\n l`.
///
/// Source: [date](https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#date).
struct DateFormat {
    private let letters: [Unicode.Scalar]

    /// - Parameter text: Letters, or the name of a format such as `DATE_FORMAT`.
    init(_ text: String) {
        letters = Array((Self.named[text] ?? text).unicodeScalars)
    }

    /// How `{{ date }}` prints.
    static let dateTime = DateFormat("DATETIME_FORMAT")

    /// Django's formats for the locale `en`.
    private static let named = [
        "DATE_FORMAT": "N j, Y", "TIME_FORMAT": "P", "DATETIME_FORMAT": "N j, Y, P", "YEAR_MONTH_FORMAT": "F Y",
        "MONTH_DAY_FORMAT": "F j", "SHORT_DATE_FORMAT": "m/d/Y", "SHORT_DATETIME_FORMAT": "m/d/Y P",
    ]

    func text(of moment: CalendarMoment) -> String {
        var result = ""
        var index = 0
        while index < letters.count {
            let letter = letters[index]
            index += 1
            if letter == "\\", index < letters.count {
                result.unicodeScalars.append(letters[index])
                index += 1
            } else {
                result +=
                    moment.clockText(letter) ?? moment.dayText(letter) ?? moment.zoneText(letter)
                    ?? String(Character(letter))
            }
        }
        return result
    }
}

private let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]

/// The abbreviations of the Associated Press.
private let pressMonths = [
    "Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
]

private let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

extension CalendarMoment {
    private var twelveHour: Int { hour % 12 == 0 ? 12 : hour % 12 }

    /// What a letter that means a time of day stands for.
    fileprivate func clockText(_ letter: Unicode.Scalar) -> String? {
        switch letter {
        case "a": hour < 12 ? "a.m." : "p.m."
        case "A": hour < 12 ? "AM" : "PM"
        case "f": minute == 0 ? "\(twelveHour)" : "\(twelveHour):\(padded(minute, 2))"
        case "g": "\(twelveHour)"
        case "G": "\(hour)"
        case "h": padded(twelveHour, 2)
        case "H": padded(hour, 2)
        case "i": padded(minute, 2)
        case "P": spokenTime
        case "s": padded(second, 2)
        case "u": padded(microsecond, 6)
        default: nil
        }
    }

    private var spokenTime: String {
        if minute == 0, hour == 0 { return "midnight" }
        if minute == 0, hour == 12 { return "noon" }
        return (minute == 0 ? "\(twelveHour)" : "\(twelveHour):\(padded(minute, 2))") + (hour < 12 ? " a.m." : " p.m.")
    }

    /// What a letter that means a day stands for.
    fileprivate func dayText(_ letter: Unicode.Scalar) -> String? {
        switch letter {
        case "b": months[month - 1].prefix(3).lowercased()
        case "d": padded(day, 2)
        case "D": String(weekdays[weekday].prefix(3))
        case "E", "F": months[month - 1]
        case "j": "\(day)"
        case "l": weekdays[weekday]
        case "L": isLeapYear ? "True" : "False"
        case "m": padded(month, 2)
        case "M": String(months[month - 1].prefix(3))
        case "n": "\(month)"
        case "N": pressMonths[month - 1]
        case "o": "\(isoWeek.year)"
        case "S": ordinalSuffix
        case "t": "\(daysInMonth)"
        case "w": "\(weekday)"
        case "W": "\(isoWeek.week)"
        case "y": padded(year % 100, 2)
        case "Y": padded(year, 4)
        case "z": "\(dayOfYear)"
        default: nil
        }
    }

    private var ordinalSuffix: String {
        if (11...13).contains(day) { return "th" }
        return switch day % 10 {
        case 1: "st"
        case 2: "nd"
        case 3: "rd"
        default: "th"
        }
    }

    /// What a letter that means a zone or a whole instant stands for.
    fileprivate func zoneText(_ letter: Unicode.Scalar) -> String? {
        switch letter {
        case "c": isoText(separator: "T")
        case "e": zone
        case "I": offset.isDaylight ? "1" : "0"
        case "O": offsetText(separator: "")
        case "r": mailText
        case "T": offset.abbreviation
        case "U": "\(epoch)"
        case "Z": "\(offset.seconds)"
        default: nil
        }
    }

    /// `Thu, 21 Dec 2000 16:01:07 +0200` (RFC 5322 §3.3).
    private var mailText: String {
        let date = "\(weekdays[weekday].prefix(3)), \(padded(day, 2)) \(months[month - 1].prefix(3)) \(padded(year, 4))"
        return "\(date) \(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2)) \(offsetText(separator: ""))"
    }
}
