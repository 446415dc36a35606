// The operators with which migrations write expressions.

/// Equal.
public func == (left: SchemaExpression, right: SchemaExpression) -> SchemaExpression { .binary(.equal, left, right) }

/// Not equal; null where one side is.
public func != (left: SchemaExpression, right: SchemaExpression) -> SchemaExpression { .binary(.notEqual, left, right) }

/// Smaller.
public func < (left: SchemaExpression, right: SchemaExpression) -> SchemaExpression { .binary(.less, left, right) }

/// Smaller or equal.
public func <= (left: SchemaExpression, right: SchemaExpression) -> SchemaExpression {
    .binary(.lessOrEqual, left, right)
}

/// Larger.
public func > (left: SchemaExpression, right: SchemaExpression) -> SchemaExpression { .binary(.greater, left, right) }

/// Larger or equal.
public func >= (left: SchemaExpression, right: SchemaExpression) -> SchemaExpression {
    .binary(.greaterOrEqual, left, right)
}

/// The sum.
public func + (left: SchemaExpression, right: SchemaExpression) -> SchemaExpression { .binary(.add, left, right) }

/// The difference.
public func - (left: SchemaExpression, right: SchemaExpression) -> SchemaExpression { .binary(.subtract, left, right) }

/// The product.
public func * (left: SchemaExpression, right: SchemaExpression) -> SchemaExpression { .binary(.multiply, left, right) }

/// The quotient.
public func / (left: SchemaExpression, right: SchemaExpression) -> SchemaExpression { .binary(.divide, left, right) }

/// Is false, or neither true nor false.
public prefix func ! (inner: SchemaExpression) -> SchemaExpression { .not(inner) }
