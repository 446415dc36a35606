internal import COpenSSL

/// What can go wrong in this module: libcrypto refused, or the input cannot mean anything.
public enum CryptoError: Error, Sendable, Hashable, CustomStringConvertible {
    /// libcrypto did not do what was asked; `reason` is its own text.
    case libraryFailed(operation: String, reason: String)
    /// A length that no result can have.
    case invalidLength(Int)
    /// An alphabet that random text cannot be made of.
    case invalidAlphabet(reason: String)
    /// Text that is not in the encoding it is said to be in; the text itself stays out of the error.
    case malformed(encoding: String, reason: String)

    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .libraryFailed(let operation, let reason):
            "libcrypto failed at \(operation): \(reason). "
                + "Check the OpenSSL installation and, where it runs in FIPS mode, whether the algorithm is allowed."
        case .invalidLength(let length):
            "A length of \(length) was asked for. Ask for 0 or more, and at most \(Int32.max)."
        case .invalidAlphabet(let reason):
            "Random text cannot be made of this alphabet: \(reason). Give 1 to 128 different ASCII characters."
        case .malformed(let encoding, let reason):
            "The text is not valid \(encoding): \(reason)."
        }
    }

    /// Takes the oldest error off libcrypto's queue of this thread, and empties the queue.
    static func last(_ operation: String) -> CryptoError {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0 else { return .libraryFailed(operation: operation, reason: "no reason given") }
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        let reason = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return .libraryFailed(operation: operation, reason: String(decoding: reason, as: UTF8.self))
    }
}
