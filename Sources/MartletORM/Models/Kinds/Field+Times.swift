public import FoundationEssentials
public import MartletValues

extension Field {
    /// A moment.
    public static func dateTime<V: DateTimeValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, index: Bool = false,
        validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .dateTime, column: column, unique: unique, index: index).ruled(property, validators)
    }

    /// A moment that the database layer sets.
    ///
    /// - Parameters:
    ///   - autoNow: Set at every save.
    ///   - autoNowAdd: Set when the row is inserted.
    public static func dateTime(
        _ property: any WritableKeyPath<M, Date> & Sendable, autoNow: Bool = false, autoNowAdd: Bool = false,
        index: Bool = false, column: String? = nil
    ) -> Field {
        var field = make(property, .dateTime, column: column, index: index)
        field.clock = ClockRole(autoNow: autoNow, autoNowAdd: autoNowAdd)
        field.setNow = { $0[keyPath: property] = $1.truncatedToMicroseconds }
        return field
    }

    /// A day.
    public static func date<V: DateValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, index: Bool = false,
        validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .date, column: column, unique: unique, index: index).ruled(property, validators)
    }

    /// A day that the database layer sets: that of the moment in UTC.
    ///
    /// - Parameters:
    ///   - autoNow: Set at every save.
    ///   - autoNowAdd: Set when the row is inserted.
    public static func date(
        _ property: any WritableKeyPath<M, CalendarDate> & Sendable, autoNow: Bool = false, autoNowAdd: Bool = false,
        index: Bool = false, column: String? = nil
    ) -> Field {
        var field = make(property, .date, column: column, index: index)
        field.clock = ClockRole(autoNow: autoNow, autoNowAdd: autoNowAdd)
        field.setNow = { $0[keyPath: property] = CalendarDate($1) }
        return field
    }

    /// A time of day.
    public static func time<V: TimeValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, index: Bool = false,
        validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .time, column: column, unique: unique, index: index).ruled(property, validators)
    }

    /// A time of day that the database layer sets: that of the moment in UTC.
    ///
    /// - Parameters:
    ///   - autoNow: Set at every save.
    ///   - autoNowAdd: Set when the row is inserted.
    public static func time(
        _ property: any WritableKeyPath<M, TimeOfDay> & Sendable, autoNow: Bool = false, autoNowAdd: Bool = false,
        index: Bool = false, column: String? = nil
    ) -> Field {
        var field = make(property, .time, column: column, index: index)
        field.clock = ClockRole(autoNow: autoNow, autoNowAdd: autoNowAdd)
        field.setNow = { $0[keyPath: property] = TimeOfDay($1) }
        return field
    }

    /// A length of time, to the microsecond.
    public static func duration<V: DurationValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, index: Bool = false,
        validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .duration, column: column, unique: unique, index: index).ruled(property, validators)
    }
}
