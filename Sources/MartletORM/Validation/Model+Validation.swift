extension Model {
    /// Checks the values without asking the database, and throws every problem at once.
    ///
    /// ```swift
    /// do {
    ///     try post.validate()
    ///     try await post.save()
    /// } catch let error as ValidationError {
    ///     error.messages          // ["title": ["Ensure this value has at most 200 characters (it has 201)."]]
    /// }
    /// ```
    ///
    /// Saving does not validate, as in Django: a program may write what a person may not enter. Each field's own rules
    /// come first (null, blank, length, syntax, bounds, digits), then its validators, then the model's ``clean()``.
    ///
    /// - Throws: ``ValidationError``.
    ///
    /// Source: [Django, validating objects](https://docs.djangoproject.com/en/5.2/ref/models/instances/#validating-objects).
    public func validate() throws(ValidationError) {
        let problems = validationProblems()
        guard problems.isEmpty else { throw ValidationError(problems) }
    }

    /// Checks the values, and asks the database whether those that must be unique are.
    ///
    /// A field whose value is not valid is not asked about. Between the answer and the save another may take the value;
    /// the constraint refuses it then with a ``DatabaseError``.
    ///
    /// - Throws: ``ValidationError``; ``DatabaseError``.
    public func fullClean() async throws {
        var problems = validationProblems()
        problems += await Self.table.missingFiles(of: self, except: Set(problems.compactMap(\.field)))
        problems += try await uniqueProblems(except: Set(problems.compactMap(\.field)))
        guard problems.isEmpty else { throw ValidationError(problems) }
    }

    /// Nothing beyond the fields.
    public func clean() throws(ValidationError) {}

    private func validationProblems() -> [ValidationProblem] {
        var problems = Self.table.problems(of: self)
        do throws(ValidationError) {
            try clean()
        } catch {
            problems += error.problems
        }
        return problems
    }
}

extension Table {
    /// What the fields say of a model, in their order.
    func problems(of model: M) -> [ValidationProblem] {
        var problems: [ValidationProblem] = []
        for (field, value) in zip(columns, rawValues(of: model)) {
            guard let schema = field.schema, schema.kind != .auto else { continue }
            let rules = FieldRules(schema, allowsBlank: field.allowsBlank)
            if let problem = field.problemOfValue?(model) {
                problems.append(rules.problem("Value must be valid JSON (\(problem)).", "invalid"))
                continue
            }
            let (found, isEmpty) = rules.problems(of: value)
            problems += found
            if !isEmpty, let own = field.rules?(model) { problems += own }
        }
        return problems
    }

    /// The values as the model has them, before decimals are rounded to their columns' places.
    private func rawValues(of model: M) -> [SQLValue] {
        withUnsafePointer(to: model) { pointer in
            columns.map { $0.column?.original(UnsafeRawPointer(pointer)) ?? .null }
        }
    }
}
