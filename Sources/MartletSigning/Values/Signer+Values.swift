public import FoundationEssentials
public import MartletJSON

extension Signer {
    /// A value as JSON, safe for URLs, with its signature: Django's `sign_object`.
    ///
    /// - Parameters:
    ///   - value: The value; a `JSONValue` for JSON of any shape.
    ///   - compress: Whether to compress where that saves something.
    /// - Throws: `JSONError` when the value cannot become JSON; `CryptoError`.
    public func dumps(_ value: some Encodable, compress: Bool = false) throws -> String {
        try sign(SignedJSON.text(JSON.encode(value, asciiOnly: true), compress: compress))
    }

    /// The value of ``dumps(_:compress:)``: Django's `unsign_object`.
    ///
    /// - Parameters:
    ///   - type: The type; `JSONValue` for JSON of any shape.
    ///   - text: What was signed, with its signature.
    ///   - limits: How much is read, after it has been expanded.
    /// - Throws: ``BadSignature``; `CryptoError`.
    public func loads<T: Decodable>(_ type: T.Type, from text: String, limits: JSONLimits = .signed) throws -> T {
        try SignedJSON.decode(type, unsign(text), limits)
    }
}

extension TimestampSigner {
    /// A value as JSON, safe for URLs, with time and signature.
    ///
    /// - Parameters:
    ///   - value: The value; a `JSONValue` for JSON of any shape.
    ///   - compress: Whether to compress where that saves something.
    ///   - now: The time to sign.
    /// - Throws: `JSONError` when the value cannot become JSON; `CryptoError`.
    public func dumps(_ value: some Encodable, compress: Bool = false, at now: Date = .now) throws -> String {
        try dumps(json: JSON.encode(value, asciiOnly: true), compress: compress, at: now)
    }

    /// The value of ``dumps(_:compress:at:)``.
    ///
    /// - Parameters:
    ///   - type: The type; `JSONValue` for JSON of any shape.
    ///   - text: What was signed, with time and signature.
    ///   - maxAge: How old it may be; any age unless told.
    ///   - limits: How much is read, after it has been expanded.
    ///   - now: The time that the age is counted to.
    /// - Throws: ``BadSignature``; `CryptoError`.
    public func loads<T: Decodable>(
        _ type: T.Type, from text: String, maxAge: Duration? = nil, limits: JSONLimits = .signed, at now: Date = .now
    ) throws -> T {
        try SignedJSON.decode(type, unsign(text, maxAge: maxAge, at: now), limits)
    }

    /// Signs bytes that are JSON already: ASCII only, since Django reads them as Latin-1.
    package func dumps(json: [UInt8], compress: Bool, at now: Date = .now) throws -> String {
        try sign(SignedJSON.text(json, compress: compress), at: now)
    }
}
