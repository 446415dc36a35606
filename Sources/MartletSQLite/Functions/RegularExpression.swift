import CPCRE2
import CSQLite

extension ScalarFunction {
    static let expressions = [
        ScalarFunction("martlet_regex", 2) { a in .bool(try RegularExpression.of(a, ignoringCase: false).occurs(in: a))
        },
        ScalarFunction("martlet_iregex", 2) { a in .bool(try RegularExpression.of(a, ignoringCase: true).occurs(in: a))
        },
    ]
}

/// A compiled expression of PCRE2, kept by SQLite for as long as a statement runs with the same pattern.
///
/// PCRE2 counts its steps and gives up, so that no expression holds a connection for ever.
///
/// Source: [PCRE2's API](https://www.pcre.org/current/doc/html/pcre2api.html).
final class RegularExpression {
    private let code: OpaquePointer
    private let match: OpaquePointer
    private let context: OpaquePointer

    /// Steps of one comparison: some tens of milliseconds.
    private static let mostSteps: UInt32 = 500_000
    /// Kibibytes that one comparison may take.
    private static let mostMemory: UInt32 = 10_000
    /// Bytes of a pattern, however it came here.
    private static let longestPattern = 4_000

    private init(_ pattern: UnsafeBufferPointer<UInt8>, ignoringCase: Bool) throws(FunctionError) {
        guard pattern.count <= Self.longestPattern else {
            throw FunctionError("invalid regular expression: it is longer than \(Self.longestPattern) bytes")
        }
        var number: Int32 = 0
        var offset = 0
        // As PostgreSQL means them: a point is any character, `$` the very end.
        let options = PCRE2_UTF | PCRE2_UCP | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | (ignoringCase ? PCRE2_CASELESS : 0)
        // An empty pattern may have no address.
        let empty: [UInt8] = [0]
        let compiled = empty.withUnsafeBufferPointer { empty in
            pcre2_compile_8(
                pattern.baseAddress ?? empty.baseAddress, pattern.count, options, &number, &offset, nil)
        }
        guard let compiled else {
            throw FunctionError("invalid regular expression: \(Self.message(number)) at byte \(offset)")
        }
        let (match, context) = (
            pcre2_match_data_create_from_pattern_8(compiled, nil), pcre2_match_context_create_8(nil)
        )
        guard let match, let context else {
            // What of the three there is; each takes a null pointer.
            pcre2_match_context_free_8(context)
            pcre2_match_data_free_8(match)
            pcre2_code_free_8(compiled)
            throw FunctionError("out of memory")
        }
        code = compiled
        self.match = match
        self.context = context
        pcre2_set_match_limit_8(context, Self.mostSteps)
        pcre2_set_heap_limit_8(context, Self.mostMemory)
    }

    deinit {
        pcre2_match_context_free_8(context)
        pcre2_match_data_free_8(match)
        pcre2_code_free_8(code)
    }

    /// The expression of the second argument.
    static func of(_ arguments: FunctionArguments, ignoringCase: Bool) throws(FunctionError) -> RegularExpression {
        if let kept = sqlite3_get_auxdata(arguments.context, 1) {
            return Unmanaged<RegularExpression>.fromOpaque(kept).takeUnretainedValue()
        }
        let expression = try RegularExpression(arguments.bytes(1), ignoringCase: ignoringCase)
        sqlite3_set_auxdata(arguments.context, 1, Unmanaged.passRetained(expression).toOpaque()) { box in
            if let box { Unmanaged<RegularExpression>.fromOpaque(box).release() }
        }
        return expression
    }

    /// Whether the first argument has a part that the expression describes.
    func occurs(in arguments: FunctionArguments) throws(FunctionError) -> Bool {
        let text = arguments.bytes(0)
        let empty: [UInt8] = [0]
        let result = empty.withUnsafeBufferPointer { empty in
            pcre2_match_8(code, text.baseAddress ?? empty.baseAddress, text.count, 0, 0, match, context)
        }
        if result >= 0 { return true }
        if result == PCRE2_ERROR_NOMATCH { return false }
        throw FunctionError("regular expression failed: \(Self.message(result))")
    }

    private static func message(_ number: Int32) -> String {
        let bytes = [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
            count = max(0, Int(pcre2_get_error_message_8(number, buffer.baseAddress, buffer.count)))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
