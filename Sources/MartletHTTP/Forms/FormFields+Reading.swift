public import FoundationEssentials

/// Values with types. Each throws an ``HTTPError`` 400 that names the field, the rule and what was sent; each is `nil`
/// when the name is absent.
extension FormFields {
    /// The last value of a name that must be there.
    ///
    /// - Throws: ``HTTPError`` 400 when it is absent.
    public func require(_ name: String) throws(HTTPError) -> String {
        guard let value = self[name] else { throw missing(name) }
        return value
    }

    /// The last value of a name that must be there, read as a type.
    ///
    /// - Throws: ``HTTPError`` 400 when it is absent or does not follow the type's rule.
    public func require<Value: FormValue>(_ name: String, as type: Value.Type) throws(HTTPError) -> Value {
        guard let value = try value(name, as: type) else { throw missing(name) }
        return value
    }

    /// The last value of a name, read as a type; `nil` when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400 when it does not follow the type's rule.
    public func value<Value: FormValue>(_ name: String, as type: Value.Type) throws(HTTPError) -> Value? {
        guard let text = self[name] else { return nil }
        return try read(name, text)
    }

    /// All values of a name, in order, each read as a type; empty when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400 when one of them does not follow the type's rule.
    public func list<Value: FormValue>(_ name: String, of type: Value.Type) throws(HTTPError) -> [Value] {
        var values: [Value] = []
        for text in all(name) { values.append(try read(name, text)) }
        return values
    }

    // MARK: Types

    /// A whole number; `nil` when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400 when the value is no whole number of 64 bits.
    public func int(_ name: String) throws(HTTPError) -> Int? {
        try value(name, as: Int.self)
    }

    /// A whole number, or `default` when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400 when the value is no whole number of 64 bits, or outside of `range`.
    public func int(
        _ name: String, default: Int, in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(HTTPError) -> Int {
        guard let number = try int(name) else { return `default` }
        guard range.contains(number) else {
            throw refusal(name, "\(number)", .range, "between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    /// A number with a fraction; `nil` when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400 when the value is no finite number.
    public func double(_ name: String) throws(HTTPError) -> Double? {
        try value(name, as: Double.self)
    }

    /// A decimal number, exactly as it was sent; `nil` when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400 when the value is no decimal number, or has more than 38 digits.
    public func decimal(_ name: String) throws(HTTPError) -> Decimal? {
        try value(name, as: Decimal.self)
    }

    /// A truth value: `true`, `1`, `on`, `yes` or `false`, `0`, `off`, `no`, in any case; `nil` when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400 for another value.
    public func bool(_ name: String) throws(HTTPError) -> Bool? {
        try value(name, as: Bool.self)
    }

    /// A UUID; `nil` when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400 for another value.
    public func uuid(_ name: String) throws(HTTPError) -> UUID? {
        try value(name, as: UUID.self)
    }

    /// A day, written `2026-01-31`; `nil` when the name is absent.
    ///
    /// - Returns: The beginning of the day in UTC.
    /// - Throws: ``HTTPError`` 400 for another value, and for a day that does not exist.
    public func date(_ name: String) throws(HTTPError) -> Date? {
        guard let text = self[name] else { return nil }
        guard let date = Date(day: text) else { throw refusal(name, text, .date, "a date such as 2026-01-31") }
        return date
    }

    /// A moment of ISO 8601 with its offset, such as `2026-01-31T09:05:00Z`; `nil` when the name is absent.
    ///
    /// A `+` in a query means a space: the offset `+02:00` is sent as `%2B02:00`.
    ///
    /// - Throws: ``HTTPError`` 400 for another value, and without an offset.
    public func dateTime(_ name: String) throws(HTTPError) -> Date? {
        try value(name, as: Date.self)
    }

    // MARK: Choices

    /// One of the values of an enumeration; `nil` when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400, with the values there are, for another one.
    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type
    ) throws(HTTPError) -> Choice? where Choice.RawValue: FormValue {
        guard let text = self[name] else { return nil }
        return try choose(name, text)
    }

    /// One of the values of an enumeration, or `default` when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400, with the values there are, for another one.
    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default: Choice
    ) throws(HTTPError) -> Choice where Choice.RawValue: FormValue {
        try choice(name, of: Choice.self) ?? `default`
    }

    /// All values of a name, in order, each one of an enumeration's; empty when the name is absent.
    ///
    /// - Throws: ``HTTPError`` 400, with the values there are, for another one.
    public func choices<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type
    ) throws(HTTPError) -> [Choice] where Choice.RawValue: FormValue {
        var values: [Choice] = []
        for text in all(name) { values.append(try choose(name, text)) }
        return values
    }

    private func choose<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ text: String
    ) throws(HTTPError) -> Choice where Choice.RawValue: FormValue {
        if let raw = Choice.RawValue(formText: text), let choice = Choice(rawValue: raw) { return choice }
        let known = Choice.allCases.prefix(20).map { "'\($0.rawValue)'" }.joined(separator: ", ")
        throw refusal(name, text, .choice, "one of \(known)\(Choice.allCases.count > 20 ? ", …" : "")")
    }

    // MARK: Errors

    private func read<Value: FormValue>(_ name: String, _ text: String) throws(HTTPError) -> Value {
        if let value = Value(formText: text) { return value }
        throw refusal(name, text, Value.formRule.rule, Value.formRule.wording)
    }

    private func missing(_ name: String) -> HTTPError {
        HTTPError(badInput: "The \(origin.rawValue) '\(name)' is missing.", field: name, rule: .required)
    }

    private func refusal(
        _ name: String, _ value: String, _ rule: InputProblem.Rule, _ wording: String
    ) -> HTTPError {
        // The value is quoted for whoever debugs the client, but not at any length.
        let shown = value.count > 40 ? value.prefix(40) + "…" : value[...]
        return HTTPError(
            badInput: "The \(origin.rawValue) '\(name)' must be \(wording), but it is '\(shown)'.", field: name,
            rule: rule)
    }
}
