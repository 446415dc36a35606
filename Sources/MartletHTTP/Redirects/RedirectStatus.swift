/// How a client is sent elsewhere: for good or for now, and with which method.
///
/// | | the method stays | it becomes `GET` |
/// | --- | --- | --- |
/// | for now | ``temporaryRedirect`` (307) | ``found`` (302), ``seeOther`` (303) |
/// | for good | ``permanentRedirect`` (308) | ``movedPermanently`` (301) |
///
/// Source: [RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4).
public struct RedirectStatus: Sendable, Hashable {
    /// The status of the response.
    public let status: HTTPStatus

    private init(_ status: HTTPStatus) {
        self.status = status
    }

    /// 301: for good; a `POST` is repeated as `GET`.
    public static let movedPermanently = RedirectStatus(.movedPermanently)
    /// 302: for now; a `POST` is repeated as `GET`, as all clients do.
    public static let found = RedirectStatus(.found)
    /// 303: what came of a `POST` is found elsewhere, by `GET`.
    public static let seeOther = RedirectStatus(.seeOther)
    /// 307: for now; method and content stay.
    public static let temporaryRedirect = RedirectStatus(.temporaryRedirect)
    /// 308: for good; method and content stay.
    public static let permanentRedirect = RedirectStatus(.permanentRedirect)
}
