/// One term of a query's order.
public struct Order: Sendable, OrderTerms {
    package var term: OrderTerm

    package init(_ term: OrderTerm) {
        self.term = term
    }

    /// Nulls before everything else.
    public var nullsFirst: Order { with(.first) }

    /// Nulls after everything else.
    public var nullsLast: Order { with(.last) }

    /// By chance, anew for each query: `order { _ in Order.random }`, Django's `order_by("?")`.
    public static var random: Order {
        Order(OrderTerm(expression: .call(.random, []), isDescending: false, nulls: nil))
    }

    /// The order itself.
    public var orders: [Order] { [self] }

    private func with(_ nulls: NullsPosition) -> Order {
        var order = self
        order.term.nulls = nulls
        return order
    }
}

/// What rows can be ordered by: expressions, smallest first, orders, and lists of them.
public protocol OrderTerms {
    /// The terms, the most important first.
    var orders: [Order] { get }
}

extension Expr: OrderTerms {
    /// Smallest first.
    public var orders: [Order] { [ascending] }
}

extension Array: OrderTerms where Element == Order {
    /// The terms.
    public var orders: [Order] { self }
}
