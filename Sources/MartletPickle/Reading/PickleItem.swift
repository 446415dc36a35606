/// What lies on the stack while a pickle is read.
///
/// Containers are numbers of places in one list. So what a pickle nests without end, or puts into itself, nests nothing
/// in memory: it cannot exhaust the stack when it is freed.
enum PickleItem: Sendable {
    /// A value without parts.
    case value(PickleValue)
    case list(Int)
    case tuple(Int)
    /// Keys and values in turn.
    case dictionary(Int)
    case global(PickleGlobal)
    case timeDelta(seconds: Int)
    case timeZone(offset: Int)
    case mark
}

/// What plain values are made with: the only classes and functions that are known.
enum PickleGlobal: Sendable {
    case dateTime, timeDelta, timeZone
    /// Protocol 2 has no bytes of its own: `_codecs.encode(text, "latin1")`.
    case encode
    /// And none at all: `bytes()`.
    case bytes

    init?(_ module: String, _ name: String) {
        switch (module, name) {
        case ("datetime", "datetime"): self = .dateTime
        case ("datetime", "timedelta"): self = .timeDelta
        case ("datetime", "timezone"): self = .timeZone
        case ("_codecs", "encode"): self = .encode
        case ("builtins", "bytes"), ("__builtin__", "bytes"): self = .bytes
        default: return nil
        }
    }
}
