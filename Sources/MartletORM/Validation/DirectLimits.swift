/// The limits of a model's columns that are seen where the values stand in memory: models that keep to them need no
/// closer look.
struct DirectLimits: Sendable {
    /// What a column takes of a property.
    struct Limit: Sendable {
        /// Where the property stands, in bytes from the beginning of the model.
        let offset: Int
        let bound: Bound
    }

    enum Bound: Sendable {
        /// So many characters of a `String`.
        case length(Int)
        /// The numbers of an `Int`.
        case range(ClosedRange<Int64>)
    }

    private let limits: [Limit]

    /// - Returns: `nil` when something else is limited, too.
    init?<M: Model>(_ limits: [ColumnLimit<M>]) {
        let direct = limits.compactMap(\.direct)
        guard direct.count == limits.count else { return nil }
        self.limits = direct
    }

    /// Whether the model at an address is known to keep to the limits; `false` does not say that it breaks one.
    func areClearlyKept(at model: UnsafeRawPointer) -> Bool {
        for limit in limits {
            let place = model.advanced(by: limit.offset)
            switch limit.bound {
            case .length(let length):
                // A text of no more bytes has no more characters.
                guard place.assumingMemoryBound(to: String.self).pointee.utf8.count <= length else { return false }
            case .range(let range):
                guard range.contains(Int64(place.assumingMemoryBound(to: Int.self).pointee)) else { return false }
            }
        }
        return true
    }
}

extension DirectLimits.Limit {
    /// The limit of a column by its kind; `nil` for a property that is not read by its place, or that has other limits.
    init?(_ kind: FieldKind, _ column: DirectColumn?) {
        switch column?.form {
        case .text: self.init(column, kind.maxLength.map { .length($0) })
        case .int: self.init(column, kind.integerRange.map { .range($0) })
        default: return nil
        }
    }

    private init?(_ column: DirectColumn?, _ bound: DirectLimits.Bound?) {
        guard let column, let bound else { return nil }
        self.init(offset: column.offset, bound: bound)
    }
}
