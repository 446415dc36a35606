/// A signed value that is not believed: changed, too old, or made for something else.
///
/// ```swift
/// do {
///     let invitation = try Signing.loads(Invitation.self, from: token, salt: "invitation", maxAge: .seconds(86_400))
/// } catch let error as BadSignature where error.reason == .expired {
///     …
/// }
/// ```
///
/// Neither the value nor a key is part of the error.
///
/// Source: Django's `BadSignature` and `SignatureExpired`.
public struct BadSignature: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why the value is not believed.
    public let reason: Reason

    /// What happened.
    public let description: String

    package init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }

    /// The same, with what was refused: `The cookie 'theme': …`
    package func named(_ name: String) -> BadSignature { BadSignature(reason, "\(name): \(description)") }

    /// Why a value is not believed; more may come.
    public struct Reason: Sendable, Hashable, CustomStringConvertible {
        /// The name of the reason.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The signature is missing, or was not made of this value with this salt by one of the keys.
        public static let mismatch = Reason("mismatch")
        /// The signature is good, but older than allowed.
        public static let expired = Reason("expired")
        /// The signature is good, but what was signed is not what was asked for: no time, no JSON, another type.
        public static let malformed = Reason("malformed")
        /// The signature is good, but more was signed than is read.
        public static let tooLong = Reason("too_long")
    }
}
