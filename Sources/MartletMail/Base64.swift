import FoundationEssentials

/// Base64 as mails have it.
///
/// Source: [RFC 2045 §6.8](https://www.rfc-editor.org/rfc/rfc2045#section-6.8).
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
