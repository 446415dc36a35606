public import FoundationEssentials
import MartletCrypto

/// Signs text with the time, so that it can be refused when it is too old.
///
/// ```swift
/// let signer = try TimestampSigner(salt: "unsubscribe")
/// let signed = try signer.sign("ann@example.org")
/// let address = try signer.unsign(signed, maxAge: .seconds(86_400))
/// ```
///
/// Source: Django, [TimestampSigner](https://docs.djangoproject.com/en/5.2/topics/signing/#django.core.signing.TimestampSigner).
public struct TimestampSigner: Sendable {
    private let signer: Signer

    /// Makes a signer; see ``Signer/init(salt:separator:keys:)``.
    public init(
        salt: String = "django.core.signing.TimestampSigner", separator: String = ":", keys: SigningKeys? = nil
    ) throws {
        signer = try Signer(salt: salt, separator: separator, keys: keys)
    }

    /// The value with time and signature: `value:time:signature`.
    ///
    /// - Parameters:
    ///   - value: What to sign.
    ///   - now: The time to sign, in whole seconds.
    /// - Throws: ``SigningError/Code/invalidTime`` for a date that no integer holds; `CryptoError`.
    public func sign(_ value: String, at now: Date = .now) throws -> String {
        guard let seconds = Int(exactly: now.timeIntervalSince1970.rounded(.towardZero)) else {
            throw SigningError(.invalidTime, "The time to sign is too far away for a count of seconds.")
        }
        return try signer.sign(signer.join(value, Base62.encode(seconds)))
    }

    /// The value of a signed text.
    ///
    /// - Parameters:
    ///   - signed: What ``sign(_:at:)`` or Django has made.
    ///   - maxAge: How old it may be; any age unless told. A time that is yet to come has no age, as in Django: clocks
    ///     differ.
    ///   - now: The time that the age is counted to.
    /// - Throws: ``BadSignature`` when none of the keys has signed it, or it is too old; `CryptoError`.
    public func unsign(_ signed: String, maxAge: Duration? = nil, at now: Date = .now) throws -> String {
        let stamped = try signer.unsign(signed)
        guard let (value, stamp) = signer.split(stamped), let seconds = try? Base62.decode(stamp) else {
            throw BadSignature(.malformed, "The value was signed without a time.")
        }
        let age = now.timeIntervalSince1970 - Double(seconds)
        if let maxAge, age > maxAge.inSeconds {
            throw BadSignature(.expired, "The signature is \(age) s old; \(maxAge.inSeconds) s are allowed.")
        }
        return String(value)
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
