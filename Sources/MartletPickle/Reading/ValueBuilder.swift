/// Makes a value of what a pickle has left on the stack.
///
/// What is referred to many times is counted as often: a few bytes can refer to each other so that the value would have
/// more parts than there is memory.
struct ValueBuilder {
    private let containers: [[PickleItem]]
    private let limits: PickleLimits
    private var values = 0
    private var bytes = 0

    init(containers: [[PickleItem]], limits: PickleLimits) {
        self.containers = containers
        self.limits = limits
    }

    mutating func value(_ item: PickleItem, depth: Int = 0) throws(PickleError) -> PickleValue {
        values += 1
        guard values <= limits.values else {
            throw PickleError(.tooLong, "The pickle has more than the \(limits.values) values that are read.")
        }
        switch item {
        case .value(let value): return try counted(value)
        case .list(let place): return .list(try elements(place, depth))
        case .tuple(let place): return .tuple(try elements(place, depth))
        case .dictionary(let place): return .dictionary(try members(place, depth))
        case .global, .timeDelta, .timeZone:
            throw PickleError(.refused, "The pickle has a class, a time zone or a time span for a value.")
        case .mark: throw PickleError(.malformed, "The pickle leaves a mark for a value.")
        }
    }

    private mutating func counted(_ value: PickleValue) throws(PickleError) -> PickleValue {
        switch value {
        case .string(let text): bytes += text.utf8.count
        case .bytes(let content), .bigInt(let content): bytes += content.count
        default: return value
        }
        guard bytes <= limits.bytes else {
            throw PickleError(
                .tooLong, "The texts of the pickle have more than the \(limits.bytes) bytes that are read.")
        }
        return value
    }

    private mutating func elements(_ place: Int, _ depth: Int) throws(PickleError) -> [PickleValue] {
        guard depth < limits.depth else {
            throw PickleError(.tooDeep, "The pickle nests deeper than the \(limits.depth) levels that are read.")
        }
        var elements: [PickleValue] = []
        for item in containers[place] { elements.append(try value(item, depth: depth + 1)) }
        return elements
    }

    private mutating func members(_ place: Int, _ depth: Int) throws(PickleError) -> PickleDictionary {
        let parts = try elements(place, depth)
        var members = PickleDictionary()
        for place in stride(from: 0, to: parts.count - 1, by: 2) {
            guard parts[place].mayBeKey else {
                throw PickleError(.malformed, "A list or a dictionary is the key of a dictionary.")
            }
            members[parts[place]] = parts[place + 1]
        }
        return members
    }
}
