/// What a client gets that connects when the server has as many connections as it may.
public struct ConnectionLimitAnswer: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case wait, refuse
    }

    let kind: Kind

    /// It waits in the backlog until another connection closes.
    public static let wait = ConnectionLimitAnswer(kind: .wait)

    /// Its first request is answered with 503 and `Retry-After`, and its connection closed. As many as a sixteenth of
    /// the limit are told so at the same time, 16 at least; the rest wait.
    public static let refuse = ConnectionLimitAnswer(kind: .refuse)
}
