import MartletCrypto

extension ScalarFunction {
    /// Characters are Unicode's code points, as in PostgreSQL.
    static let text = [
        ScalarFunction("martlet_reverse", 1) { a in
            var scalars = String.UnicodeScalarView()
            for scalar in a.text(0).unicodeScalars.reversed() { scalars.append(scalar) }
            return .text(String(scalars))
        },
        ScalarFunction("martlet_repeat", 2) { a in
            let count = max(0, Int(a.integer(1)))
            try check(a.bytes(0).count, times: count)
            return .text(String(repeating: a.text(0), count: count))
        },
        ScalarFunction("martlet_lpad", 3) { a in try pad(a) { fill, text in fill + text } },
        ScalarFunction("martlet_rpad", 3) { a in try pad(a) { fill, text in text + fill } },
        ScalarFunction("martlet_chr", 1) { a in
            guard let scalar = UInt32(exactly: a.integer(0)).flatMap(Unicode.Scalar.init), scalar.value > 0 else {
                throw FunctionError("\(a.integer(0)) is the number of no character.")
            }
            return .text(String(scalar))
        },
    ]

    static let digests = [
        ScalarFunction("martlet_md5", 1) { .text(try Digest.md5(of: $0.bytes(0)).hexadecimal) },
        ScalarFunction("martlet_sha1", 1) { .text(try Digest.sha1(of: $0.bytes(0)).hexadecimal) },
        ScalarFunction("martlet_sha224", 1) { .text(try Digest.sha224(of: $0.bytes(0)).hexadecimal) },
        ScalarFunction("martlet_sha256", 1) { .text(try Digest.sha256(of: $0.bytes(0)).hexadecimal) },
        ScalarFunction("martlet_sha384", 1) { .text(try Digest.sha384(of: $0.bytes(0)).hexadecimal) },
        ScalarFunction("martlet_sha512", 1) { .text(try Digest.sha512(of: $0.bytes(0)).hexadecimal) },
    ]

    /// The longest text that a function makes, in bytes: what PostgreSQL allows, and SQLite nearly.
    private static let longest = 1 << 29

    private static func check(_ size: Int, times count: Int) throws(FunctionError) {
        let (total, overflows) = size.multipliedReportingOverflow(by: count)
        guard !overflows, total <= longest else { throw FunctionError("requested length too large") }
    }

    private static func pad(
        _ a: FunctionArguments, _ join: (String, String) -> String
    ) throws(FunctionError) -> FunctionResult {
        let length = max(0, Int(a.integer(1)))
        let text = a.text(0).unicodeScalars
        let missing = length - text.count
        guard missing > 0 else { return .text(String(text.prefix(length))) }
        let fill = Array(a.text(2).unicodeScalars)
        guard !fill.isEmpty else { return .text(String(text)) }
        try check(4, times: missing)
        var padding = String.UnicodeScalarView()
        for index in 0..<missing { padding.append(fill[index % fill.count]) }
        return .text(join(String(padding), String(text)))
    }
}
