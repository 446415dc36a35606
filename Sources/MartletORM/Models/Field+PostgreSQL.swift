public import FoundationEssentials
import MartletTemplates
public import MartletValues

/// The kinds of fields that PostgreSQL alone has.
extension Field {
    /// Several values of one kind.
    ///
    /// ```swift
    /// var tags: [String] = []
    /// .array(\.tags, of: .char(maxLength: 50))
    /// ```
    ///
    /// - Parameters:
    ///   - kind: What each element is; its Swift type is the array's element.
    ///   - size: The most elements, for whoever reads the table's description: PostgreSQL does not check it.
    public static func array<V: ArrayValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, of kind: FieldKind, size: Int? = nil, unique: Bool = false,
        index: Bool = false, column: String? = nil
    ) -> Field {
        var field = make(property, .array(kind, size: size), column: column, unique: unique, index: index)
        field.template = { model in
            guard let elements = model[keyPath: property].elements else { return .null }
            return .list(elements.map { TemplateValue($0.sqlValue) })
        }
        if !kind.hasColumn || kind.target != nil || kind == .auto {
            field.problem = "The array '\(field.property)' is of \(kind), which is no kind of value. Use a plain kind."
        }
        return field
    }

    /// A range of 32-bit numbers.
    public static func integerRange<V: RangeFieldValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, column: String? = nil
    ) -> Field where V.Bound == Int {
        make(property, .range(.integer), column: column, unique: unique)
    }

    /// A range of 64-bit numbers.
    public static func bigIntegerRange<V: RangeFieldValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, column: String? = nil
    ) -> Field where V.Bound == Int {
        make(property, .range(.bigInteger), column: column, unique: unique)
    }

    /// A range of exact decimals.
    public static func decimalRange<V: RangeFieldValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, column: String? = nil
    ) -> Field where V.Bound == Decimal {
        make(property, .range(.decimal), column: column, unique: unique)
    }

    /// A range of days.
    public static func dateRange<V: RangeFieldValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, column: String? = nil
    ) -> Field where V.Bound == CalendarDate {
        make(property, .range(.date), column: column, unique: unique)
    }

    /// A range of moments.
    public static func dateTimeRange<V: RangeFieldValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, unique: Bool = false, column: String? = nil
    ) -> Field where V.Bound == Date {
        make(property, .range(.dateTime), column: column, unique: unique)
    }

    /// The words of a text for full-text search; best generated, and under a GIN index.
    public static func searchVector<V: SearchVectorValue>(
        _ property: any WritableKeyPath<M, V> & Sendable, column: String? = nil
    ) -> Field {
        make(property, .searchVector, column: column)
    }
}
