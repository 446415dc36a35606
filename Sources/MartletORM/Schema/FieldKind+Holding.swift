import FoundationEssentials
import MartletValues

extension FieldKind {
    /// Whether the column can hold a value as it is.
    func holds(_ value: SQLValue) -> Bool { problem(with: value) == nil }

    /// Why a column cannot hold a value; `nil` when it can.
    ///
    /// PostgreSQL would refuse these itself. SQLite would store them, and whoever reads the column would fail.
    func problem(with value: SQLValue) -> String? {
        switch value {
        case .integer(let number):
            guard let range = integerRange, !range.contains(number) else { return nil }
            return "\(number) is not in \(range.lowerBound) to \(range.upperBound)"
        case .decimal(let number):
            guard case .decimal(let digits, let places) = self else { return nil }
            guard let exact = ExactDecimal(number) else { return "\(number) is not a number" }
            // The places are rounded where a model is encoded.
            let whole = exact.rounded(places: places).wholeDigits
            return whole <= digits - places
                ? nil : "\(exact.text()) has more than \(digits - places) digits in front of the point"
        case .text(let text):
            guard let length = maxLength, text.utf8.count > length, text.unicodeScalars.count > length else {
                return nil
            }
            return "a text of \(text.unicodeScalars.count) characters is longer than \(length)"
        case .duration(let duration):
            return duration.wholeMicroseconds == nil ? "\(duration) is longer than 292,000 years" : nil
        default: return nil
        }
    }
}

extension SQLValue {
    /// A decimal with at most so many digits behind the point; any other value as it is.
    func rounded(places: Int) -> SQLValue {
        guard case .decimal(let number) = self, let exact = ExactDecimal(number), exact.places > places else {
            return self
        }
        return .decimal(exact.rounded(places: places).decimal)
    }
}
