/// An error that has a response: thrown anywhere in a view, it becomes that status.
///
/// ```swift
/// throw HTTPError(.notFound, "No such post.")
/// ```
public struct HTTPError: HTTPResponseError, CustomStringConvertible {
    /// The status of the response.
    public let status: HTTPStatus

    /// What to tell the client; never put secrets here.
    public let message: String

    /// Further fields of the response, such as `Allow` or `Retry-After`.
    public var headers: Headers

    /// Which piece of the request was refused, and why, where that is what is wrong.
    public internal(set) var input: InputProblem?

    /// Makes an error.
    public init(_ status: HTTPStatus, _ message: String? = nil, headers: Headers = Headers()) {
        self.status = status
        self.message = message ?? status.reason
        self.headers = headers
    }

    /// `404 Not Found: No such post.`
    public var description: String { "\(status): \(message)" }
}

/// An error that is the client's fault in some cases, and the server's in all others.
public protocol HTTPResponseConvertible: Error {
    /// What the client is told; `nil` where the error is the server's.
    var httpError: HTTPError? { get }
}

/// An error that knows the response it becomes.
public protocol HTTPResponseError: Error {
    /// The status of the response.
    var status: HTTPStatus { get }
    /// What to tell the client.
    var message: String { get }
    /// Further fields of the response.
    var headers: Headers { get }
    /// Which piece of the request was refused, and why, where that is what is wrong.
    var input: InputProblem? { get }
    /// Whether the error is told to whoever looks after the site; that of a server error unless told.
    var isReported: Bool { get }
}

extension HTTPResponseError {
    /// Nothing in particular.
    public var input: InputProblem? { nil }

    /// Whether the status is that of a server error.
    public var isReported: Bool { status.isServerError }
}
