/// A function or operator of SQL: how it is written, and what the compiler must know of it.
///
/// The tree of expressions has one case for all of them, so that a new function is a new value and no new case.
package struct SQLFunction: Sendable {
    /// The name, which tells one function from another: two with the same name write the same SQL.
    package let name: String

    /// Whether a call is true or false by its form.
    package let isCondition: Bool

    /// Whether a call may be null though no argument is.
    package let mayBeNull: Bool

    private let write: @Sendable ([String]) -> String

    /// - Parameters:
    ///   - write: The SQL of a call from the SQL of its arguments, on databases that do not write it differently; see
    ///     ``SQLDialect/call(_:_:)``. An argument may stand twice.
    package init(
        _ name: String, isCondition: Bool = false, mayBeNull: Bool = false,
        write: @escaping @Sendable ([String]) -> String
    ) {
        self.name = name
        self.isCondition = isCondition
        self.mayBeNull = mayBeNull
        self.write = write
    }

    /// A function that is written `NAME(first, second)` everywhere.
    package init(_ name: String, isCondition: Bool = false, mayBeNull: Bool = false) {
        self.init(name, isCondition: isCondition, mayBeNull: mayBeNull) { arguments in
            "\(name)(\(arguments.joined(separator: ", ")))"
        }
    }

    /// The SQL of a call on databases that do not write it differently.
    func form(of arguments: [String]) -> String { write(arguments) }

    /// The SQL of a call.
    func sql(_ arguments: [String], _ dialect: any SQLDialect) -> String {
        dialect.call(name, arguments) ?? write(arguments)
    }
}
