public import MartletHTTP

/// Why a session could not do what it was asked.
public enum SessionError: HTTPResponseError, Hashable, CustomStringConvertible {
    /// The value is of another type.
    case mismatch(key: String, reason: String)
    /// The value is kept, but is nothing that JSON can say: Python has put it there.
    case unreadable(key: String)
    /// The value cannot become JSON.
    case notEncodable(key: String, reason: String)
    /// The session is larger than a cookie.
    case tooLarge(bytes: Int, limit: Int)
    /// A change after the response: neither the store nor the client would hear of it.
    case responseSent
    /// Others have changed the session whenever this request wanted to.
    case contended
    /// The database has no table for sessions.
    case noTable
    /// The folder for sessions cannot be used.
    case folder(path: String, reason: String)
    /// The session cannot be read or written for now.
    case unavailable(reason: String)

    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .mismatch(let key, let reason):
            "The session's value \(key.debugDescription) is of another type: \(reason). "
                + "Read it as what it is, or remove it."
        case .unreadable(let key):
            "The session's value \(key.debugDescription) is a Python object that JSON cannot say. "
                + "It stays as it is; have Django store text or numbers, or set another value."
        case .notEncodable(let key, let reason):
            "The value for \(key.debugDescription) cannot be kept in a session: \(reason)."
        case .tooLarge(let bytes, let limit):
            "The session has \(bytes) bytes when it is signed, with the cookie's name, and a cookie holds \(limit). "
                + "Keep less in it, or choose another SESSION_ENGINE."
        case .responseSent:
            "The session was changed after the response was made, so the change would be lost. "
                + "Change it before the view returns."
        case .contended:
            "The session was changed by other requests each time this one tried to save it. Try again."
        case .noTable:
            "The database has no table django_session. Add sessionsApp to the site's apps and run manage migrate, "
                + "or choose another SESSION_ENGINE."
        case .folder(let path, let reason):
            "Sessions cannot be kept in \(path): \(reason). "
                + "Set SESSION_FILE_PATH to a folder that exists and that the site may write to."
        case .unavailable(let reason):
            "The session cannot be reached: \(reason)"
        }
    }
}

extension SessionError {
    /// 503 for what may be over soon, else 500.
    public var status: HTTPStatus {
        switch self {
        case .unavailable, .contended: .serviceUnavailable
        default: .internalServerError
        }
    }

    /// What a client needs to know.
    public var message: String { "Your session cannot be used at the moment." }

    /// None.
    public var headers: Headers { Headers() }
}

/// The session was removed while the request was being answered: the user may have logged out in another window. It is
/// not made anew.
public struct SessionInterrupted: HTTPResponseError, CustomStringConvertible {
    /// 400.
    public var status: HTTPStatus { .badRequest }

    /// What happened.
    public var message: String {
        "The request's session was deleted before the request completed. "
            + "The user may have logged out in a concurrent request, for example."
    }

    /// None.
    public var headers: Headers { Headers() }

    /// What happened.
    public var description: String { message }
}

/// A session was asked for outside of ``Sessions``.
public struct MissingSessions: Error, Sendable, CustomStringConvertible {
    /// What to do.
    public var description: String { "The request has no session: add Sessions(…) to the middleware." }
}
