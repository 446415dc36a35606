import MartletCompression
import MartletCrypto
public import MartletJSON

/// JSON as text that is ready to be signed: base64, with a dot in front where it is compressed.
///
/// Source: Django's `Signer.sign_object` and `Signer.unsign_object`.
enum SignedJSON {
    /// - Parameter compress: Whether to compress where that saves something.
    static func text(_ json: [UInt8], compress: Bool) throws -> String {
        if compress {
            let packed = try Zlib.compress(json)
            if packed.count < json.count - 1 { return "." + Base64URL.encode(packed) }
        }
        return Base64URL.encode(json)
    }

    /// - Parameter limit: How many bytes the JSON may have.
    /// - Throws: ``BadSignature/Reason/malformed`` or ``BadSignature/Reason/tooLong``.
    static func bytes(_ text: String, limit: Int) throws -> [UInt8] {
        let isCompressed = text.utf8.first == UInt8(ascii: ".")
        do {
            let bytes = try Base64URL.decode(isCompressed ? text.dropFirst() : text[...])
            if isCompressed { return try Zlib.decompress(bytes, limit: limit) }
            guard bytes.count <= limit else {
                throw BadSignature(.tooLong, "The signed JSON has more than the \(limit) bytes that are read.")
            }
            return bytes
        } catch let error as CryptoError {
            throw BadSignature(.malformed, "What was signed is no JSON: \(error)")
        } catch let error as CompressionError where error.code != .libraryFailed {
            throw BadSignature(error.code == .tooLong ? .tooLong : .malformed, "What was signed: \(error)")
        }
    }

    static func decode<T: Decodable>(_ type: T.Type, _ text: String, _ limits: JSONLimits) throws -> T {
        let bytes = try bytes(text, limit: limits.bytes)
        do {
            return try JSON.decode(type, from: bytes, limits: limits)
        } catch {
            throw BadSignature(.malformed, "What was signed is not the JSON that was asked for: \(error)")
        }
    }
}

extension JSONLimits {
    /// What is read of a signed value unless told: a megabyte, and names as Python reads them.
    public static let signed = JSONLimits(bytes: 1 << 20, duplicateNames: .lastWins)
}
