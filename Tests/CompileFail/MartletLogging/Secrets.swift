import MartletJSON
import MartletLogging

// A secret cannot be encoded: neither by itself, nor as part of what is.

struct Account: Encodable {
    let name: String
}

func encode(_ secret: Secret<String>) throws {
    // expected-error@+1 {{requires that 'Secret<String>' conform to 'Encodable'}}
    _ = try JSON.encode(secret)
    _ = try JSON.encode(Account(name: "ann"))
}

func asText(_ secret: Secret<String>) -> String {
    // expected-error@+1 {{cannot convert return expression of type 'Secret<String>' to return type 'String'}}
    return secret
}
