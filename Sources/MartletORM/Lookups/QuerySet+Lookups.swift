/// Filters and orders that are given as text, in Django's form: `author__name__icontains`.
///
/// A closure is checked by the compiler, so it is the better filter wherever the field is known. These are for names that
/// come from outside, such as the parameters of a request.
extension QuerySet {
    /// Keeps the rows that satisfy a lookup.
    ///
    /// ```swift
    /// let posts = try Post.objects.filter(lookup: "author__name__icontains", "ann")
    /// ```
    ///
    /// - Parameters:
    ///   - lookup: Fields and relations, transforms and a lookup, joined by `__`; `exact` unless told.
    ///   - value: The value. Text is read as what the field takes.
    ///   - names: Which lookups may be used.
    ///   - zone: Whose clocks dates, parts of moments and moments without an offset are of.
    /// - Throws: ``LookupError``, which a view answers with 400.
    ///
    /// Source: [Django, field lookups](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#field-lookups).
    public func filter(
        lookup: String, _ value: LookupValue, allowing names: LookupNames = .all, in zone: TimeZoneName = .utc
    ) throws(LookupError) -> Self {
        try filter(lookups: [lookup: value], allowing: names, in: zone)
    }

    /// Keeps the rows that satisfy all lookups. Those on a relation to many rows must hold for the same related row.
    ///
    /// ```swift
    /// let posts = try Post.objects.filter(
    ///     lookups: ["status": "draft", "created_at__gte": "2026-01-01"], allowing: ["status", "created_at__*"])
    /// ```
    ///
    /// - Throws: ``LookupError``.
    public func filter(
        lookups: [String: LookupValue], allowing names: LookupNames = .all, in zone: TimeZoneName = .utc
    ) throws(LookupError) -> Self {
        guard let condition = try condition(lookups, names, zone) else { return self }
        return refined("filter") { $0.conditions.append(condition) }
    }

    /// Leaves out the rows that satisfy a lookup.
    ///
    /// - Throws: ``LookupError``.
    public func exclude(
        lookup: String, _ value: LookupValue, allowing names: LookupNames = .all, in zone: TimeZoneName = .utc
    ) throws(LookupError) -> Self {
        try exclude(lookups: [lookup: value], allowing: names, in: zone)
    }

    /// Leaves out the rows that satisfy all lookups.
    ///
    /// - Throws: ``LookupError``.
    public func exclude(
        lookups: [String: LookupValue], allowing names: LookupNames = .all, in zone: TimeZoneName = .utc
    ) throws(LookupError) -> Self {
        guard let condition = try condition(lookups, names, zone) else { return self }
        return refined("exclude") { $0.conditions.append(.not(condition)) }
    }

    /// Orders the rows by names of fields; replaces an earlier order.
    ///
    /// ```swift
    /// let posts = try Post.objects.order(by: ["-published_on", "author__name"])
    /// ```
    ///
    /// A minus means largest first, `?` an order by chance. The name of a relation means the order that its model's
    /// table has, or its key.
    ///
    /// - Throws: ``LookupError``.
    public func order(by fields: [String], allowing names: LookupNames = .all) throws(LookupError) -> Self {
        var orders: [OrderTerm] = []
        for field in fields { orders += try Self.orderTerms(field, names) }
        return refined("order") { $0.orders = orders }
    }

    /// One condition for all; in the order of their names, so that the same lookups are the same statement.
    private func condition(
        _ lookups: [String: LookupValue], _ names: LookupNames, _ zone: TimeZoneName
    ) throws(LookupError) -> SQLExpression? {
        var all: SQLExpression?
        for (name, value) in lookups.sorted(by: { $0.key < $1.key }) {
            try names.check(name)
            let condition = try LookupCondition(name: name, value: value, zone: zone).sql(for: query.table)
            all = all.map { .and($0, condition) } ?? condition
        }
        return all
    }

    private static func orderTerms(_ field: String, _ names: LookupNames) throws(LookupError) -> [OrderTerm] {
        let isDescending = field.hasPrefix("-")
        let name = isDescending || field.hasPrefix("+") ? String(field.dropFirst()) : field
        try names.check(name)
        if name == "?" { return [Order.random.term] }
        var path = try LookupPath(name, of: M.anyTable)
        let column = try path.column()
        var place = LookupPlace(column, name: name, zone: .utc)
        while let part = path.next() { try place.step(part, lookups: []) }
        let own = OrderTerm(expression: place.ordered, isDescending: false, nulls: nil)
        let terms = column.ordering.isEmpty ? [own] : column.ordering
        return terms.map { term in
            OrderTerm(
                expression: term.expression, isDescending: term.isDescending != isDescending, nulls: term.nulls)
        }
    }
}
