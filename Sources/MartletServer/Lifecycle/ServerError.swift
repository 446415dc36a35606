/// What cannot be done with a server in the state it is in.
public enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The server was started before; a new one is to be made for each start.
    case alreadyStarted

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .alreadyStarted: "The server was started before. Make a new Server for each start."
        }
    }
}
