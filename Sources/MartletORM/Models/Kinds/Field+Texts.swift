/// The kinds of fields, named as Django's classes without `Field`.
///
/// All take `column:` for another column name than the property's in snake_case. `index:` gives the column an index
/// of its own, `unique:` a constraint. A property of an optional type may be null; `blank:` lets an empty text pass
/// ``Model/validate()``, and `validators:` are asked there.
extension Field {
    /// Text of at most `maxLength` characters.
    public static func char<V: TextValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, maxLength: Int, primaryKey: Bool = false,
        unique: Bool = false, index: Bool = false, blank: Bool = false, validators: [Validator<V>] = [],
        column: String? = nil
    ) -> Field {
        make(
            property, .char(maxLength: maxLength), column: column, primaryKey: primaryKey, unique: unique, index: index
        ).ruled(property, blank: blank, validators)
    }

    /// Text of any length.
    public static func text<V: TextValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, blank: Bool = false, validators: [Validator<V>] = [],
        column: String? = nil
    ) -> Field {
        make(property, .text, column: column).ruled(property, blank: blank, validators)
    }

    /// Letters, digits, hyphens and underscores; indexed, as in Django.
    public static func slug<V: TextValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, maxLength: Int = 50, unique: Bool = false,
        blank: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .slug(maxLength: maxLength), column: column, unique: unique, index: !unique).ruled(
            property, blank: blank, validators)
    }

    /// An e-mail address.
    public static func email<V: TextValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, maxLength: Int = 254, unique: Bool = false,
        blank: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .email(maxLength: maxLength), column: column, unique: unique).ruled(
            property, blank: blank, validators)
    }

    /// A URL: `http`, `https`, `ftp` or `ftps`.
    public static func url<V: TextValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, maxLength: Int = 200, unique: Bool = false,
        index: Bool = false, blank: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .url(maxLength: maxLength), column: column, unique: unique, index: index).ruled(
            property, blank: blank, validators)
    }

    /// An IPv4 or IPv6 address.
    public static func ipAddress<V: IPAddressValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, index: Bool = false,
        validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .ipAddress, column: column, unique: unique, index: index).ruled(property, validators)
    }

    /// A UUID: `UUID()` is random (version 4), `UUID.v7()` sorts by the time it was made.
    public static func uuid<V: UUIDValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, primaryKey: Bool = false, unique: Bool = false,
        index: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .uuid, column: column, primaryKey: primaryKey, unique: unique, index: index).ruled(
            property, validators)
    }

    /// Twelve characters that nobody confuses; `ShortUUID.random()` makes new ones.
    public static func shortUUID<V: ShortUUIDValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, primaryKey: Bool = false, unique: Bool = false,
        index: Bool = false, validators: [Validator<V>] = [], column: String? = nil
    ) -> Field {
        make(property, .shortUUID, column: column, primaryKey: primaryKey, unique: unique, index: index).ruled(
            property, validators)
    }
}
