package import MartletHTTP

/// Why bytes were refused: the answer's status and a reason for the client and the log. The connection closes after it,
/// since nobody knows where the next request would start.
package struct ParseFailure: Error, Sendable, Equatable {
    /// The status of the answer.
    package let status: HTTPStatus

    /// What was wrong, in words.
    package let reason: String

    init(_ status: HTTPStatus, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    static func badRequest(_ reason: String) -> ParseFailure { ParseFailure(.badRequest, reason) }
}
