import CPostgreSQL

/// PostgreSQL's numbers of its own types.
///
/// Source: `src/include/catalog/pg_type.dat`; they never change.
extension Oid {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let name: Oid = 19
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let json: Oid = 114
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let unknown: Oid = 705
    static let bpchar: Oid = 1042
    static let varchar: Oid = 1043
    static let timestamp: Oid = 1114
    static let timestamptz: Oid = 1184
    static let numeric: Oid = 1700
    static let uuid: Oid = 2950
    static let cidr: Oid = 650
    static let inet: Oid = 869
    static let date: Oid = 1082
    static let time: Oid = 1083
    static let interval: Oid = 1186
    static let jsonb: Oid = 3802

    /// Whether the binary form is understood here; other types come as text.
    var hasBinaryDecoder: Bool {
        switch self {
        case .bool, .bytea, .name, .int8, .int2, .int4, .text, .oid, .json, .float4, .float8, .unknown, .bpchar,
            .varchar, .timestamp, .timestamptz, .numeric, .uuid, .cidr, .inet, .date, .time, .interval, .jsonb:
            true
        default: false
        }
    }

    /// Whether values are IP addresses.
    var isAddress: Bool { self == .inet || self == .cidr }

    /// Whether values are bytes of UTF-8 in both forms.
    var isText: Bool {
        self == .text || self == .varchar || self == .bpchar || self == .name || self == .json || self == .unknown
    }
}
