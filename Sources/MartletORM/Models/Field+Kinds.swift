public import FoundationEssentials

/// The kinds of fields, named as Django's classes without `Field`.
///
/// All take `column:` for another column name than the property's in snake_case. `index:` gives the column an index
/// of its own, `unique:` a constraint. A property of an optional type may be null.
extension Field {
    /// A number that the database counts up; the usual primary key. The property is 0 until the row is saved.
    public static func auto(_ property: any WritableKeyPath<M, Int> & Sendable, column: String? = nil) -> Field {
        make(property, .auto, column: column, primaryKey: true)
    }

    /// A UUID.
    public static func uuid<V: UUIDValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, primaryKey: Bool = false, unique: Bool = false,
        index: Bool = false, column: String? = nil
    ) -> Field {
        make(property, .uuid, column: column, primaryKey: primaryKey, unique: unique, index: index)
    }

    /// Text of at most `maxLength` characters.
    public static func char<V: TextValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, maxLength: Int, primaryKey: Bool = false,
        unique: Bool = false,
        index: Bool = false, column: String? = nil
    ) -> Field {
        make(
            property, .char(maxLength: maxLength), column: column, primaryKey: primaryKey, unique: unique,
            index: index)
    }

    /// Text of any length.
    public static func text<V: TextValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, column: String? = nil
    ) -> Field {
        make(property, .text, column: column)
    }

    /// Letters, digits, hyphens and underscores; indexed, as in Django.
    public static func slug<V: TextValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, maxLength: Int = 50, unique: Bool = false,
        column: String? = nil
    ) -> Field {
        make(property, .slug(maxLength: maxLength), column: column, unique: unique, index: !unique)
    }

    /// An e-mail address.
    public static func email<V: TextValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, maxLength: Int = 254, unique: Bool = false,
        column: String? = nil
    ) -> Field {
        make(property, .email(maxLength: maxLength), column: column, unique: unique)
    }

    /// A 32-bit number.
    public static func integer<V: IntegerValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, index: Bool = false,
        column: String? = nil
    ) -> Field {
        make(property, .integer, column: column, unique: unique, index: index)
    }

    /// A 64-bit number.
    public static func bigInteger<V: IntegerValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, index: Bool = false,
        column: String? = nil
    ) -> Field {
        make(property, .bigInteger, column: column, unique: unique, index: index)
    }

    /// A 32-bit number that is not negative; the database checks it.
    public static func positiveInteger<V: IntegerValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, index: Bool = false,
        column: String? = nil
    ) -> Field {
        make(property, .positiveInteger, column: column, unique: unique, index: index)
    }

    /// True or false.
    public static func bool<V: BoolValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, index: Bool = false, column: String? = nil
    ) -> Field {
        make(property, .bool, column: column, index: index)
    }

    /// A 64-bit floating-point number.
    public static func float<V: FloatValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, index: Bool = false, column: String? = nil
    ) -> Field {
        make(property, .float, column: column, index: index)
    }

    /// One of the cases of an enum, stored as its text.
    ///
    /// - Parameter maxLength: The column's length; it leaves room for cases that come later.
    public static func choices<V: Choices>(
        _ property: any WritableKeyPath<M, V> & Sendable, maxLength: Int = 20, index: Bool = false,
        column: String? = nil
    ) -> Field {
        let kind = FieldKind.choices(V.allCases.map(\.rawValue), maxLength: maxLength)
        var field = make(property, kind, column: column, index: index)
        field.display = { $0[keyPath: property].label }
        if let long = V.allCases.first(where: { $0.rawValue.unicodeScalars.count > maxLength }) {
            field.problem =
                "The choice '\(long.rawValue)' of '\(field.property)' is longer than \(maxLength) characters. "
                + "Raise `maxLength:`, or shorten the case's value."
        }
        return field
    }

    /// One of the cases of an enum, or null.
    ///
    /// - Parameter maxLength: The column's length; it leaves room for cases that come later.
    public static func choices<V: Choices>(
        _ property: any WritableKeyPath<M, V?> & Sendable, maxLength: Int = 20, index: Bool = false,
        column: String? = nil
    ) -> Field {
        let kind = FieldKind.choices(V.allCases.map(\.rawValue), maxLength: maxLength)
        var field = make(property, kind, column: column, index: index)
        field.display = { $0[keyPath: property]?.label ?? "" }
        return field
    }

    /// A moment.
    public static func dateTime<V: DateTimeValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, index: Bool = false, column: String? = nil
    ) -> Field {
        make(property, .dateTime, column: column, index: index)
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
        field.clock = autoNow ? .onSave : autoNowAdd ? .onCreate : .none
        return field
    }
}
