package import MartletHTTP

/// A request without its content, as the parser has read it.
package struct RequestHead: Sendable {
    /// Where the content ends.
    package enum Framing: Sendable, Equatable {
        /// There is no content.
        case none
        /// The content has so many bytes, at least one.
        case length(Int)
        /// The content comes in chunks and says itself where it ends.
        case chunked
    }

    package var method: HTTPMethod
    package var target: RequestTarget
    package var headers: Headers
    package var framing: Framing
    /// Whether this is HTTP/1.0, which knows no chunks and closes unless told to stay.
    package var isVersion10: Bool
    /// Whether the client wants to send another request on the connection.
    package var keepsAlive: Bool
    /// Whether the client waits for `100 Continue` before it sends the content.
    package var expectsContinue: Bool
}
