import MartletJSON
import MartletSigning

/// Nothing passes that was not signed, and whatever was signed is read without surprises.
enum SignedProperties {
    private static let keys = SigningKeys("the key of the fuzzer")

    @Sendable static func check(_ input: [UInt8]) {
        let text = String(decoding: input, as: UTF8.self)
        guard let signer = try? Signer(salt: "fuzz", keys: keys),
            let stamped = try? TimestampSigner(salt: "fuzz", keys: keys)
        else { return require(false, "no signer") }
        // The fuzzer cannot make a signature, so this is nothing but a refusal.
        require((try? signer.unsign(text)) == nil, "\(text.debugDescription) is believed")
        guard let signed = try? signer.sign(text) else { return require(false, "\(text) cannot be signed") }
        let value = try? signer.unsign(signed)
        require(value?.utf8.elementsEqual(text.utf8) == true, "\(text.debugDescription) becomes \(value ?? "nothing")")
        _ = try? stamped.unsign(signed, maxAge: .seconds(1))
        // What another holder of the key may have signed.
        guard let json = try? signer.loads(JSONValue.self, from: signed) else { return }
        for compress in [false, true] {
            let again = (try? signer.dumps(json, compress: compress)).flatMap { text in
                try? signer.loads(JSONValue.self, from: text)
            }
            require(again == json, "\(json) becomes \(again.map { "\($0)" } ?? "nothing")")
        }
    }
}
