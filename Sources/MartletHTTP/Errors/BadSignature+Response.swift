public import MartletSigning

/// What a client has sent is not what was signed, so it is the client's error: 400 where a view does not catch it.
extension BadSignature: HTTPResponseError {
    /// 400.
    public var status: HTTPStatus { .badRequest }

    /// What is wrong; the value is no part of it.
    public var message: String { description }

    /// None.
    public var headers: Headers { Headers() }
}
