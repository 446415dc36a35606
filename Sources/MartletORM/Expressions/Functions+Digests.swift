// Digests of text in UTF-8, as hexadecimal digits in lower case.

extension Expr where V: TextValue {
    /// MD5, which protects nothing: for comparing with what other programs have stored.
    public func md5() -> Expr { Expr(.call(.md5, [sql])) }

    /// SHA-1. PostgreSQL has it in the extension `pgcrypto` only.
    public func sha1() -> Expr { Expr(.call(.sha1, [sql])) }

    /// SHA-224.
    public func sha224() -> Expr { Expr(.call(.sha224, [sql])) }

    /// SHA-256.
    public func sha256() -> Expr { Expr(.call(.sha256, [sql])) }

    /// SHA-384.
    public func sha384() -> Expr { Expr(.call(.sha384, [sql])) }

    /// SHA-512.
    public func sha512() -> Expr { Expr(.call(.sha512, [sql])) }
}

extension SQLFunction {
    static let md5 = SQLFunction("MD5")
    static let sha1 = SQLFunction("SHA1")
    static let sha224 = SQLFunction("SHA224")
    static let sha256 = SQLFunction("SHA256")
    static let sha384 = SQLFunction("SHA384")
    static let sha512 = SQLFunction("SHA512")
}
