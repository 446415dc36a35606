/// One term of a table's own order.
public struct Ordering<M: Model>: Sendable {
    let keyPath: any PartialKeyPath<M> & Sendable
    private let isDescending: Bool

    /// Smallest first.
    public static func ascending(_ field: any PartialKeyPath<M> & Sendable) -> Ordering {
        Ordering(keyPath: field, isDescending: false)
    }

    /// Largest first.
    public static func descending(_ field: any PartialKeyPath<M> & Sendable) -> Ordering {
        Ordering(keyPath: field, isDescending: true)
    }

    func term(fields: [AnyKeyPath: Field<M>]) -> OrderTerm? {
        fields[keyPath]?.schema.map {
            OrderTerm(expression: .column(ColumnPath([], $0)), isDescending: isDescending, nulls: nil)
        }
    }
}
