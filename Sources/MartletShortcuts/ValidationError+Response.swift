public import MartletHTTP
public import MartletORM

/// A model that is not valid is answered with 400: what was entered is wrong, and not the site.
extension ValidationError: HTTPResponseError {
    /// 400.
    public var status: HTTPStatus { .badRequest }

    /// Every problem with its field.
    public var message: String { description }

    /// Nothing further.
    public var headers: Headers { Headers() }

    /// The first problem; its code is the rule.
    public var input: InputProblem? {
        problems.first.map { InputProblem(field: $0.field, rule: InputProblem.Rule($0.code)) }
    }
}
