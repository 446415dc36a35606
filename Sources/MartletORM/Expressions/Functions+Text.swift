// Functions of text. Positions and lengths count characters (Unicode's code points) from 1, as SQL does.
//
// Source: [Django, text functions](https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#text-functions).

extension Expr where V: TextValue {
    /// In lower case. SQLite changes the letters A to Z only.
    public func lower() -> Expr { Expr(.call(.lower, [sql])) }

    /// In upper case. SQLite changes the letters a to z only.
    public func upper() -> Expr { Expr(.call(.upper, [sql])) }

    /// How many characters there are.
    public func length() -> Expr<V.Position> { Expr<V.Position>(.call(.length, [sql])) }

    /// Without spaces at both ends.
    public func trim() -> Expr { Expr(.call(.trim, [sql])) }

    /// Without spaces at the beginning.
    public func ltrim() -> Expr { Expr(.call(.ltrim, [sql])) }

    /// Without spaces at the end.
    public func rtrim() -> Expr { Expr(.call(.rtrim, [sql])) }

    /// The first characters.
    public func left(_ count: Int) -> Expr { Expr(.counted(.left, [sql, .constant(count)], count, "left", from: 0)) }

    /// The last characters.
    public func right(_ count: Int) -> Expr {
        Expr(.counted(.right, [sql, .constant(count)], count, "right", from: 0))
    }

    /// A part of the text.
    ///
    /// - Parameters:
    ///   - position: Where it begins, counted from 1.
    ///   - length: How many characters; all that follow unless told.
    public func substr(_ position: Int, _ length: Int? = nil) -> Expr {
        guard let length else {
            return Expr(.counted(.substr, [sql, .constant(position)], position, "substr", from: 1))
        }
        guard position >= 1 else { return substr(position) }
        return Expr(
            .counted(.substr, [sql, .constant(position), .constant(length)], length, "length of substr", from: 0))
    }

    /// With every occurrence of a text replaced by another.
    public func replace(_ text: String, with replacement: String) -> Expr {
        Expr(.call(.replace, [sql, .value(.text(text)), .value(.text(replacement))]))
    }

    /// The characters from the last to the first.
    public func reverse() -> Expr { Expr(.call(.reverse, [sql])) }

    /// The text several times.
    public func `repeat`(_ count: Int) -> Expr {
        Expr(.counted(.repeat, [sql, .constant(count)], count, "repeat", from: 0))
    }

    /// Filled at the beginning to a length; a longer text is cut at its end.
    public func lpad(_ length: Int, _ fill: String = " ") -> Expr {
        Expr(.counted(.lpad, [sql, .constant(length), .value(.text(fill))], length, "lpad", from: 0))
    }

    /// Filled at the end to a length; a longer text is cut at its end.
    public func rpad(_ length: Int, _ fill: String = " ") -> Expr {
        Expr(.counted(.rpad, [sql, .constant(length), .value(.text(fill))], length, "rpad", from: 0))
    }

    /// Where another text begins for the first time, counted from 1; 0 where it does not occur.
    public func strIndex(_ text: String) -> Expr<V.Position> {
        Expr<V.Position>(.call(.strIndex, [sql, .value(.text(text))]))
    }

    /// Where another text begins for the first time, counted from 1; 0 where it does not occur.
    public func strIndex(_ text: Expr<some TextValue>) -> Expr<Int?> {
        Expr<Int?>(.call(.strIndex, [sql, text.sql]))
    }

    /// The number of the first character; 0 for empty text.
    public func ord() -> Expr<V.Position> { Expr<V.Position>(.call(.ord, [sql])) }

    /// Compared and ordered by the rules of a collation that the database knows, such as `de-x-icu` or `NOCASE`.
    public func collate(_ collation: String) -> Expr {
        let isName = collation.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F
                || $0 == 0x2D || $0 == 0x2E
        }
        guard isName, (1...63).contains(collation.utf8.count) else {
            return Expr(
                .invalid(
                    "'\(collation.prefix(80))' is no name of a collation. "
                        + "Names have letters, digits, underscores, hyphens and points."))
        }
        return Expr(.call(SQLFunction("collate \(collation)") { "(\($0[0]) COLLATE \"\(collation)\")" }, [sql]))
    }
}

extension Expr where V: IntegerValue {
    /// The character of a number.
    public func chr() -> Expr<String> { Expr<String>(.call(.chr, [sql])) }
}

/// The texts one after the other; what is null counts as empty.
///
/// ```swift
/// .values { concat($0.firstName, Expr(" "), $0.lastName) }
/// ```
public func concat<each V: TextValue>(_ texts: repeat Expr<each V>) -> Expr<String> {
    var parts: [SQLExpression] = []
    for text in repeat each texts { parts.append(text.sql) }
    return Expr<String>(.call(.concat, parts))
}

/// One text after the other; null where one is null.
public func + <V: TextValue>(left: Expr<V>, right: String) -> Expr<V> {
    Expr(.call(.concatenated, [left.sql, .typed(.text(right))]))
}

/// One text after the other; null where one is null.
public func + <V: TextValue>(left: String, right: Expr<V>) -> Expr<V> {
    Expr(.call(.concatenated, [.typed(.text(left)), right.sql]))
}

/// One text after the other; null where one is null.
public func + <V: TextValue>(left: Expr<V>, right: Expr<V>) -> Expr<V> {
    Expr(.call(.concatenated, [left.sql, right.sql]))
}

extension SQLExpression {
    /// A call with a number that databases refuse or understand differently when it is too small.
    fileprivate static func counted(
        _ function: SQLFunction, _ arguments: [SQLExpression], _ count: Int, _ name: String, from least: Int
    ) -> SQLExpression {
        guard count >= least, count <= Int(Int32.max) else {
            return .invalid("The \(name) of an expression is \(count); give a number from \(least) to \(Int32.max).")
        }
        return .call(function, arguments)
    }
}

extension SQLFunction {
    package static let lower = SQLFunction("LOWER")
    package static let upper = SQLFunction("UPPER")
    static let length = SQLFunction("LENGTH")
    static let trim = SQLFunction("TRIM")
    static let ltrim = SQLFunction("LTRIM")
    static let rtrim = SQLFunction("RTRIM")
    static let left = SQLFunction("LEFT")
    static let right = SQLFunction("RIGHT")
    static let substr = SQLFunction("SUBSTR")
    static let replace = SQLFunction("REPLACE")
    static let reverse = SQLFunction("REVERSE")
    static let `repeat` = SQLFunction("REPEAT")
    static let lpad = SQLFunction("LPAD")
    static let rpad = SQLFunction("RPAD")
    static let strIndex = SQLFunction("STRPOS")
    static let ord = SQLFunction("ASCII")
    static let chr = SQLFunction("CHR")
    static let concatenated = SQLFunction("concatenated") { "(\($0[0]) || \($0[1]))" }
    static let concat = SQLFunction("concat") { texts in
        "(" + texts.map { "COALESCE(\($0), '')" }.joined(separator: " || ") + ")"
    }
}
