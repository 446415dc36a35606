public import MartletORM

extension PostgreSQLDialect {
    /// The functions of expressions that PostgreSQL writes in its own way.
    func expressionCall(_ function: String, _ a: [String]) -> String? {
        if let type = Self.types[function] { return "CAST(\(a[0]) AS \(type))" }
        return switch function {
        case "divide": "(\(a[0]) / NULLIF(\(a[1]), 0))"
        case "remainder": "(\(a[0]) % NULLIF(\(a[1]), 0))"
        case "remainder real": Self.real("MOD(\(Self.exact(a[0])), \(Self.exact("NULLIF(\(a[1]), 0)")))")
        // Of two roundings PostgreSQL has, only that of exact numbers can keep digits, and rounds a half up.
        case "ROUND": Self.real("ROUND(\(Self.exact(a[0])), \(a[1]))")
        case "round whole": "CAST(ROUND(\(Self.exact(a[0])), \(a[1])) AS bigint)"
        case "LOG": Self.real("LOG(\(Self.exact(a[0])), \(Self.exact(a[1])))")
        case "CHR": "CHR(CAST(\(a[0]) AS integer))"
        case "SHA1": "ENCODE(DIGEST(\(a[0]), 'sha1'), 'hex')"
        case "SHA224", "SHA256", "SHA384", "SHA512":
            "ENCODE(\(function)(CONVERT_TO(\(a[0]), 'UTF8')), 'hex')"
        case "cast bool to integer": "CAST(CAST(\(a[0]) AS integer) AS bigint)"
        case "cast bool to real": Self.real("CAST(\(a[0]) AS integer)")
        case "local time": "(\(a[0]) AT TIME ZONE \(Self.zone(a[1])))"
        case "moment": "(CAST(\(a[0]) AS timestamp) AT TIME ZONE \(Self.zone(a[1])))"
        case "truncated moment": "DATE_TRUNC(\(a[0]), \(a[1]), \(Self.zone(a[2])))"
        case "added time": "(\(a[0]) + \(a[1]) * INTERVAL '1 microsecond')"
        case "now": "STATEMENT_TIMESTAMP()"
        case "json equal": "\(a[0]) = \(a[1])"
        case "json contains": "\(a[0]) @> \(a[1])"
        case "json has keys": "\(a[0]) ?& \(Self.texts(a[1]))"
        case "json has any keys": "\(a[0]) ?| \(Self.texts(a[1]))"
        case "JSON_OBJECT": "JSONB_BUILD_OBJECT(\(a.joined(separator: ", ")))"
        case "JSON_ARRAY": "JSONB_BUILD_ARRAY(\(a.joined(separator: ", ")))"
        default: nil
        }
    }

    /// What is a cast and nothing else.
    private static let types = [
        "typed bool": "boolean", "typed integer": "bigint", "typed real": "double precision", "typed text": "text",
        "typed bytes": "bytea", "typed uuid": "uuid", "typed dateTime": "timestamp with time zone",
        "typed json": "jsonb", "typed decimal": "numeric", "typed date": "date", "typed time": "time",
        "typed duration": "interval", "cast integer": "bigint", "cast real": "double precision", "cast text": "text",
        "cast decimal": "numeric",
        "cast bool to text": "text",
    ]

    private static func exact(_ sql: String) -> String { "CAST(\(sql) AS numeric)" }

    private static func real(_ sql: String) -> String { "CAST(\(sql) AS double precision)" }

    /// PostgreSQL reads `+05:30` as POSIX does, as a place to the west; `<+05:30>-05:30` is the one to the east.
    private static func zone(_ literal: String) -> String {
        let name = literal.dropFirst().dropLast()
        guard let sign = name.first, sign == "+" || sign == "-" else { return literal }
        return "'<\(name)>\(sign == "+" ? "-" : "+")\(name.dropFirst())'"
    }

    private static func texts(_ document: String) -> String {
        "ARRAY(SELECT JSONB_ARRAY_ELEMENTS_TEXT(\(document)))"
    }

    /// What a document of JSON holds at a path.
    public func json(
        _ reading: JSONReading, of document: String, at path: [JSONStep], bind: (SQLValue) -> String
    ) -> String {
        let place =
            path.isEmpty ? document : "(\(document) #> CAST(\(bind(.text(Self.arrayText(path)))) AS text[]))"
        let number = "CAST(\(place) AS numeric)"
        func typed(_ type: String, _ sql: String) -> String {
            "(CASE JSONB_TYPEOF(\(place)) WHEN '\(type)' THEN \(sql) END)"
        }
        func within(_ least: String, _ most: String, _ sql: String) -> String {
            "CASE WHEN \(number) BETWEEN \(least) AND \(most) THEN \(sql) END"
        }
        return switch reading {
        case .document: place
        case .type: "JSONB_TYPEOF(\(place))"
        case .text:
            "(CASE WHEN JSONB_TYPEOF(\(place)) IN ('string', 'number', 'boolean') THEN \(place) #>> '{}' END)"
        case .integer:
            typed(
                "number",
                within(
                    "-9223372036854775808", "9223372036854775807", "CAST(TRUNC(\(number)) AS bigint)"))
        case .real: typed("number", within("-1.7976931348623157e308", "1.7976931348623157e308", Self.real(number)))
        case .bool: typed("boolean", "CAST(\(place) AS boolean)")
        }
    }

    /// A path in the text form of an array: `{"theme","0"}`.
    private static func arrayText(_ path: [JSONStep]) -> String {
        let elements = path.map { step in
            switch step {
            case .index(let index): return "\(index)"
            case .key(let key):
                var text = "\""
                for scalar in key.unicodeScalars {
                    if scalar == "\"" || scalar == "\\" { text.append("\\") }
                    text.unicodeScalars.append(scalar)
                }
                return text + "\""
            }
        }
        return "{" + elements.joined(separator: ",") + "}"
    }
}
