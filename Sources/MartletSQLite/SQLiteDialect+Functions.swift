import MartletJSON
public import MartletORM

extension SQLiteDialect {
    /// The functions of expressions that SQLite writes in its own way. Those that begin with `martlet_` are registered
    /// on each connection; see ``ScalarFunction``.
    func expressionCall(_ function: String, _ a: [String]) -> String? {
        if let name = Self.registered[function] { return "\(name)(\(a.joined(separator: ", ")))" }
        return switch function {
        case "LEFT": "SUBSTR(\(a[0]), 1, \(a[1]))"
        case "RIGHT": "SUBSTR(\(a[0]), -\(a[1]), \(a[1]))"
        case "STRPOS": "INSTR(\(a[0]), \(a[1]))"
        case "ASCII": "(CASE WHEN \(a[0]) = '' THEN 0 ELSE UNICODE(\(a[0])) END)"
        case "bit xor": "((\(a[0]) | \(a[1])) - (\(a[0]) & \(a[1])))"
        case "round whole": "CAST(martlet_round(\(a[0]), \(a[1])) AS integer)"
        case "RANDOM": "((RANDOM() & 9007199254740991) / 9007199254740992.0)"
        case "GREATEST": Self.choice("MAX", a)
        case "LEAST": Self.choice("MIN", a)
        case "contains": "INSTR(\(a[0]), \(a[1])) > 0"
        case "starts with": "SUBSTR(\(a[0]), 1, LENGTH(\(a[1]))) = \(a[1])"
        case "ends with": "SUBSTR(\(a[0]), LENGTH(\(a[0])) - LENGTH(\(a[1])) + 1) = \(a[1])"
        case "cast bool to text": "(CASE WHEN \(a[0]) THEN 'true' WHEN NOT \(a[0]) THEN 'false' END)"
        case "cast bool to integer": a[0]
        case "cast bool to real": "CAST(\(a[0]) AS real)"
        case "local time": a[1] == "'UTC'" ? a[0] : "martlet_local_time(\(a[0]), \(a[1]))"
        case "moment": a[1] == "'UTC'" ? a[0] : "martlet_moment(\(a[0]), \(a[1]))"
        // Both are stored as text.
        case "text of uuid", "text of address": a[0]
        case "date of clocks": "SUBSTR(\(a[0]), 1, 10)"
        case "time of clocks": "SUBSTR(\(a[0]), 12)"
        case "clocks of time": "('1970-01-01 ' || \(a[0]))"
        case "truncated day": "SUBSTR(martlet_truncate(\(a[0]), \(a[1]), 'UTC'), 1, 10)"
        case "times apart": "martlet_time_between('1970-01-01 ' || \(a[0]), '1970-01-01 ' || \(a[1]))"
        case "subtracted duration": "martlet_add_time(\(a[0]), - \(a[1]))"
        case "next key": "NULL"
        case "now": "STRFTIME('%Y-%m-%d %H:%M:%f', 'now')"
        case "json bool": "JSON(CASE WHEN \(a[0]) THEN 'true' WHEN NOT \(a[0]) THEN 'false' ELSE 'null' END)"
        case "json document": "JSON(\(a[0]))"
        default: nil
        }
    }

    private static let registered = [
        "remainder real": "martlet_mod", "ROUND": "martlet_round", "CEILING": "martlet_ceil", "FLOOR": "martlet_floor",
        "SQRT": "martlet_sqrt", "POWER": "martlet_power", "EXP": "martlet_exp", "LN": "martlet_ln",
        "LOG": "martlet_log",
        "SIN": "martlet_sin", "COS": "martlet_cos", "TAN": "martlet_tan", "COT": "martlet_cot", "ASIN": "martlet_asin",
        "ACOS": "martlet_acos", "ATAN": "martlet_atan", "ATAN2": "martlet_atan2", "DEGREES": "martlet_degrees",
        "RADIANS": "martlet_radians", "REVERSE": "martlet_reverse", "REPEAT": "martlet_repeat",
        "LPAD": "martlet_lpad", "RPAD": "martlet_rpad", "CHR": "martlet_chr", "MD5": "martlet_md5",
        "SHA1": "martlet_sha1", "SHA224": "martlet_sha224", "SHA256": "martlet_sha256", "SHA384": "martlet_sha384",
        "SHA512": "martlet_sha512", "cast integer": "martlet_integer", "cast real": "martlet_real",
        "cast text": "martlet_text", "REGEX": "martlet_regex", "IREGEX": "martlet_iregex",
        "truncated moment": "martlet_truncate", "added time": "martlet_add_time", "added duration": "martlet_add_time",
        "moments apart": "martlet_time_between", "days apart": "martlet_time_between",
        "json equal": "martlet_json_equal",
        "json contains": "martlet_json_contains", "json has keys": "martlet_json_has_keys",
        "json has any keys": "martlet_json_has_any_keys",
    ]

    /// SQLite's `MAX` and `MIN` of several are null when one is; then another stands in its place.
    private static func choice(_ name: String, _ a: [String]) -> String {
        let arguments = a.indices.map { index in
            "COALESCE(" + (a[index...] + a[..<index]).joined(separator: ", ") + ")"
        }
        return "\(name)(\(arguments.joined(separator: ", ")))"
    }

    /// What a document of JSON holds at a path.
    public func json(
        _ reading: JSONReading, of document: String, at path: [JSONStep], bind: (SQLValue) -> String
    ) -> String {
        if reading == .document {
            return path.isEmpty ? document : "martlet_json_at(\(document), \(bind(.text(Self.steps(path)))))"
        }
        var document = document
        var path = path
        if !Self.isPlain(path) {
            // SQLite finds no key with a quote or a backslash, or one that the document spells with an escape.
            document = "martlet_json_at(\(document), \(bind(.text(Self.steps(path)))))"
            path = []
        }
        let place = path.isEmpty ? "'$'" : bind(.text(Self.text(path)))
        let type = "JSON_TYPE(\(document), \(place))"
        let value = "JSON_EXTRACT(\(document), \(place))"
        return switch reading {
        case .document: document
        case .type:
            "(CASE \(type) WHEN 'true' THEN 'boolean' WHEN 'false' THEN 'boolean' WHEN 'integer' THEN 'number'"
                + " WHEN 'real' THEN 'number' WHEN 'text' THEN 'string' ELSE \(type) END)"
        case .text:
            "(CASE \(type) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'text' THEN \(value)"
                + " WHEN 'integer' THEN CAST(\(value) AS text) WHEN 'real' THEN CAST(\(value) AS text) END)"
        case .integer:
            "(CASE TYPEOF(CASE WHEN \(type) IN ('integer', 'real') THEN \(value) END) WHEN 'integer' THEN \(value)"
                + " WHEN 'real' THEN CASE WHEN \(value) BETWEEN -9.2233720368547e18 AND 9.2233720368547e18"
                + " THEN CAST(\(value) AS integer) END END)"
        case .real: "(CASE WHEN \(type) IN ('integer', 'real') THEN CAST(\(value) AS real) END)"
        case .bool: "(CASE \(type) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)"
        }
    }

    private static func isPlain(_ path: [JSONStep]) -> Bool {
        path.allSatisfy { step in
            guard case .key(let key) = step else { return true }
            return !key.isEmpty && key.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        }
    }

    /// SQLite's own form of a path: `$."theme"[0]`.
    private static func text(_ path: [JSONStep]) -> String {
        path.reduce(into: "$") { text, step in
            switch step {
            case .key(let key): text += ".\"\(key)\""
            case .index(let index): text += index < 0 ? "[#\(index)]" : "[\(index)]"
            }
        }
    }

    /// A path as an array of JSON, for functions of ours.
    private static func steps(_ path: [JSONStep]) -> String {
        let steps = path.map { step -> JSONValue in
            switch step {
            case .key(let key): .string(key)
            case .index(let index): .int(index)
            }
        }
        // Text and whole numbers can always be written.
        return (try? JSON.encode(JSONValue.array(steps))).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}
