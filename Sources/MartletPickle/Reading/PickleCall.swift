/// The calls that are part of how Python pickles plain values. None of them runs anything: each is a value.
enum PickleCall {
    /// What a call returns; `nil` for any other.
    static func result(of global: PickleGlobal, _ arguments: [PickleItem]) -> PickleItem? {
        switch global {
        case .bytes: arguments.isEmpty ? .value(.bytes([])) : nil
        case .encode: encoded(arguments).map { .value(.bytes($0)) }
        case .timeDelta: seconds(arguments).map { .timeDelta(seconds: $0) }
        case .timeZone: offset(arguments).map { .timeZone(offset: $0) }
        case .dateTime: dateTime(arguments).map { .value(.dateTime($0)) }
        }
    }

    /// `_codecs.encode(text, "latin1")`
    private static func encoded(_ arguments: [PickleItem]) -> [UInt8]? {
        guard arguments.count == 2, case .value(.string(let text)) = arguments[0],
            case .value(.string(let codec)) = arguments[1], codec == "latin1" || codec == "latin-1"
        else { return nil }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = UInt8(exactly: scalar.value) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// `timedelta(days, seconds, microseconds)` in whole seconds, as zones are apart.
    private static func seconds(_ arguments: [PickleItem]) -> Int? {
        guard arguments.count == 3, case .value(.int(let days)) = arguments[0],
            case .value(.int(let seconds)) = arguments[1], case .value(.int(0)) = arguments[2],
            (-1...0).contains(days), (0..<86_400).contains(seconds)
        else { return nil }
        return days * 86_400 + seconds
    }

    /// `timezone(timedelta)`, perhaps with a name, which is dropped.
    private static func offset(_ arguments: [PickleItem]) -> Int? {
        guard (1...2).contains(arguments.count), case .timeDelta(let seconds) = arguments[0], abs(seconds) < 86_400
        else { return nil }
        return seconds
    }

    /// `datetime(state)` or `datetime(state, timezone)`
    private static func dateTime(_ arguments: [PickleItem]) -> PickleDateTime? {
        guard (1...2).contains(arguments.count), case .value(.bytes(let state)) = arguments[0] else { return nil }
        guard arguments.count == 2 else { return PickleDateTime(state: state, utcOffset: nil) }
        guard case .timeZone(let offset) = arguments[1] else { return nil }
        return PickleDateTime(state: state, utcOffset: offset)
    }
}
