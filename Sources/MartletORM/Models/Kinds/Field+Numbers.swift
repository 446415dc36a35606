extension Field {
    /// A number that the database counts up; the usual primary key. The property is 0 until the row is saved.
    public static func auto(_ property: any WritableKeyPath<M, Int> & Sendable, column: String? = nil) -> Field {
        make(property, .auto, column: column, primaryKey: true)
    }

    /// A 16-bit number. A value that the column does not hold is an error before it is saved, as for all whole numbers.
    public static func smallInteger<V: IntegerValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, primaryKey: Bool = false, unique: Bool = false,
        index: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .smallInteger, column: column, primaryKey: primaryKey, unique: unique, index: index).ruled(
            property, validators)
    }

    /// A 32-bit number.
    public static func integer<V: IntegerValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, primaryKey: Bool = false, unique: Bool = false,
        index: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .integer, column: column, primaryKey: primaryKey, unique: unique, index: index).ruled(
            property, validators)
    }

    /// A 64-bit number.
    public static func bigInteger<V: IntegerValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, primaryKey: Bool = false, unique: Bool = false,
        index: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .bigInteger, column: column, primaryKey: primaryKey, unique: unique, index: index).ruled(
            property, validators)
    }

    /// A 16-bit number that is not negative, 0 to 32,767; the database checks it.
    public static func positiveSmallInteger<V: IntegerValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, primaryKey: Bool = false, unique: Bool = false,
        index: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .positiveSmallInteger, column: column, primaryKey: primaryKey, unique: unique, index: index)
            .ruled(property, validators)
    }

    /// A 32-bit number that is not negative; the database checks it.
    public static func positiveInteger<V: IntegerValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, primaryKey: Bool = false, unique: Bool = false,
        index: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .positiveInteger, column: column, primaryKey: primaryKey, unique: unique, index: index).ruled(
            property, validators)
    }

    /// A 64-bit number that is not negative; the database checks it.
    public static func positiveBigInteger<V: IntegerValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, primaryKey: Bool = false, unique: Bool = false,
        index: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .positiveBigInteger, column: column, primaryKey: primaryKey, unique: unique, index: index).ruled(
            property, validators)
    }

    /// A 64-bit floating-point number.
    public static func float<V: FloatValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, index: Bool = false,
        validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .float, column: column, unique: unique, index: index).ruled(property, validators)
    }

    /// True or false.
    public static func bool<V: BoolValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, index: Bool = false, validators: [Validator<V>] = [],
        column: String? = nil
    ) -> Field {
        make(property, .bool, column: column, index: index).ruled(property, validators)
    }

    /// A decimal number: `.decimal(\.price, maxDigits: 10, decimalPlaces: 2)`.
    ///
    /// What is saved has at most `decimalPlaces` digits behind the point: more are rounded, a half to the even digit as
    /// in Django. Too many digits in front of it are an error before anything is saved.
    ///
    /// - Parameters:
    ///   - maxDigits: How many digits there may be in all, at most 38.
    ///   - decimalPlaces: How many of them stand behind the point.
    public static func decimal<V: DecimalValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, maxDigits: Int, decimalPlaces: Int, unique: Bool = false,
        index: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        let kind = FieldKind.decimal(maxDigits: maxDigits, decimalPlaces: decimalPlaces)
        var field = make(property, kind, column: column, unique: unique, index: index).ruled(property, validators)
        field.column = field.column?.encoding { $0.rounded(places: decimalPlaces) }
        if !(1...ExactDecimal.mostDigits).contains(maxDigits) || !(0...maxDigits).contains(decimalPlaces) {
            field.problem =
                "'\(field.property)' has maxDigits \(maxDigits) and decimalPlaces \(decimalPlaces). "
                + "There may be 1 to \(ExactDecimal.mostDigits) digits, and no more places than digits."
        }
        return field
    }
}
