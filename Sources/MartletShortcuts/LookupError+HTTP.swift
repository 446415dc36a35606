public import MartletHTTP
public import MartletORM

/// A filter or an order that a client has misspelt is the client's mistake.
extension LookupError: HTTPResponseError {
    /// 400.
    public var status: HTTPStatus { .badRequest }

    /// The sentence that names the field, the rule and what was found.
    public var message: String { description }

    /// None.
    public var headers: Headers { Headers() }

    /// The filter's name and the rule.
    public var input: InputProblem? { InputProblem(field: field, rule: InputProblem.Rule(rule)) }
}
