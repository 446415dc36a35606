public import MartletHTTP

/// An unsafe request for a path that lacks its final slash: 404, and where to send it instead.
///
/// Clients repeat a redirected `POST` as `GET` and drop its content, so it is not redirected.
///
/// Source: Django, [`APPEND_SLASH`](https://docs.djangoproject.com/en/5.2/ref/settings/#append-slash).
public struct MissingSlashError: HTTPResponseError, CustomStringConvertible {
    /// The method of the request.
    public let method: HTTPMethod
    /// The path of the request.
    public let path: String
    /// The path that has a view, percent-encoded.
    public let target: String

    /// 404.
    public var status: HTTPStatus { .notFound }

    /// What is missing, and where to send the request.
    public var message: String {
        "There is no page at '\(path)', but there is one at '\(path)/'. "
            + "Send \(method) to '\(target)': a redirect would lose its content."
    }

    /// None.
    public var headers: Headers { Headers() }

    /// The message.
    public var description: String { message }
}
