/// Reads a text from left to right, one function for each rule of the grammar.
struct JSONParser {
    let input: UnsafeBufferPointer<UInt8>
    var index = 0
    private var depth = 0
    private let limits: JSONLimits

    init(_ input: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.input = input
        self.limits = limits
    }

    mutating func document() throws(JSONError) -> JSONValue {
        guard input.count <= limits.bytes else {
            throw JSONError(.tooLong, "the text has \(input.count) bytes; \(limits.bytes) are allowed")
        }
        let value = try value("a value")
        skipSpace()
        guard index == input.count else { throw unexpected("the end of the text") }
        return value
    }

    private mutating func value(_ expected: String) throws(JSONError) -> JSONValue {
        skipSpace()
        guard index < input.count else { throw unexpected(expected) }
        switch input[index] {
        case 0x22: return .string(try string())
        case 0x7B: return try object()
        case 0x5B: return try array()
        case 0x74: return try literal("true", .bool(true))
        case 0x66: return try literal("false", .bool(false))
        case 0x6E: return try literal("null", .null)
        case 0x2D, 0x30...0x39: return try number()
        default: throw unexpected(expected)
        }
    }

    // MARK: Structure

    private mutating func array() throws(JSONError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        if !take(0x5D) {
            repeat {
                elements.append(try value("a value"))
                skipSpace()
            } while take(0x2C)
            guard take(0x5D) else { throw unexpected("',' or ']' after an element") }
        }
        depth -= 1
        return .array(elements)
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        try enter()
        var members = JSONObject()
        if !take(0x7D) {
            repeat { try member(of: &members) } while take(0x2C)
            guard take(0x7D) else { throw unexpected("',' or '}' after a member") }
        }
        depth -= 1
        return .object(members)
    }

    private mutating func member(of members: inout JSONObject) throws(JSONError) {
        skipSpace()
        let start = index
        guard index < input.count, input[index] == 0x22 else { throw unexpected("a name in double quotes") }
        let name = try string()
        skipSpace()
        guard take(0x3A) else { throw unexpected("':' after a name") }
        let value = try value("a value")
        if limits.duplicateNames.areRefused {
            guard members.insert(name, value) else {
                throw error(.duplicateName, "the object has the name \(name.debugDescription) twice", at: start)
            }
        } else {
            members[name] = value
        }
        skipSpace()
    }

    /// Steps over an opening bracket.
    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= limits.depth else {
            throw error(.tooDeep, "arrays and objects nest deeper than \(limits.depth) levels", at: index)
        }
        index += 1
        skipSpace()
    }

    // MARK: Scalars

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let length = text.utf8CodeUnitCount
        let matches = text.withUTF8Buffer { input[index...].starts(with: $0) }
        guard matches else { throw unexpected("\(text)") }
        index += length
        return value
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        do throws(JSONNumber.Fault) {
            let end = try JSONNumber.end(in: input, from: index)
            let digits = UnsafeBufferPointer(rebasing: input[index..<end.index])
            index = end.index
            return JSONNumber.value(of: digits, isInteger: end.isInteger)
        } catch {
            index = error.index
            throw unexpected(error.expected)
        }
    }

    // MARK: Bytes

    mutating func take(_ byte: UInt8) -> Bool {
        guard index < input.count, input[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < input.count {
            switch input[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    // MARK: Errors

    func unexpected(_ expected: String) -> JSONError {
        error(.syntax, "expected \(expected), found \(found)", at: index)
    }

    func error(_ code: JSONError.Code, _ message: String, at offset: Int) -> JSONError {
        JSONError(code, message, position: JSONError.Position(offset: offset, in: input))
    }

    /// What stands at the index: one character, so that no private text ends in a log.
    private var found: String {
        guard index < input.count else { return "the end of the text" }
        let byte = input[index]
        if byte == 0x27 { return "a single quote" }
        if byte > 0x20 && byte < 0x7F { return "'\(UnicodeScalar(byte))'" }
        return "byte 0x\(String(byte, radix: 16, uppercase: true))"
    }
}
