/// Runs the instructions of a pickle.
struct PickleMachine {
    /// The parts of all lists, tuples and dictionaries.
    private(set) var containers: [[PickleItem]] = []

    private var input: PickleInput
    private let limits: PickleLimits
    private var stack: [PickleItem] = []
    private var memo: [UInt32: PickleItem] = [:]
    /// How many containers there are, and parts in them.
    private var parts = 0
    /// How many bytes calls have made: a few instructions can make the same ones again and again.
    private var madeBytes = 0
    private var mostParts: Int { limits.values > Int.max / 8 ? Int.max : 4 * limits.values + 16 }

    init(_ bytes: [UInt8], limits: PickleLimits) {
        input = PickleInput(bytes)
        self.limits = limits
    }

    /// Runs to the end.
    ///
    /// - Returns: What is left on the stack.
    mutating func run() throws(PickleError) -> PickleItem {
        guard input.count <= limits.bytes else {
            throw PickleError(.tooLong, "The pickle has more than the \(limits.bytes) bytes that are read.")
        }
        try checkProtocol()
        while true {
            let opcode = try input.next()
            if opcode == Opcode.stop { break }
            try step(opcode)
            // A value may take some more than one, for its arguments and for the memo.
            guard stack.count + memo.count + parts <= mostParts else {
                throw input.error(.tooLong, "The pickle has more than the \(limits.values) values that are read.")
            }
        }
        guard input.isAtEnd else { throw input.error(.malformed, "Bytes follow the end of the pickle.") }
        let result = try pop()
        guard stack.isEmpty else { throw input.error(.malformed, "The pickle leaves more than one value.") }
        return result
    }

    private mutating func checkProtocol() throws(PickleError) {
        let first = try input.next()
        guard first == Opcode.proto else {
            throw input.error(.unknownProtocol, "The pickle does not say its protocol, as 2 to 5 do.")
        }
        let number = try input.next()
        guard (2...5).contains(number) else {
            throw input.error(.unknownProtocol, "The pickle is of protocol \(number); 2 to 5 are read.")
        }
    }

    private mutating func step(_ opcode: UInt8) throws(PickleError) {
        if try scalar(opcode) { return }
        if try container(opcode) { return }
        if try control(opcode) { return }
        throw input.error(.refused, Self.refusal(opcode))
    }

    private static func refusal(_ opcode: UInt8) -> String {
        "The pickle has the instruction 0x\(String(opcode, radix: 16)), which builds no plain value."
    }

    // MARK: Values without parts

    private mutating func scalar(_ opcode: UInt8) throws(PickleError) -> Bool {
        switch opcode {
        case Opcode.none: push(.none)
        case Opcode.newTrue: push(.bool(true))
        case Opcode.newFalse: push(.bool(false))
        case Opcode.binInt: push(.int(Int(try input.littleEndian(Int32.self))))
        case Opcode.binInt1: push(.int(Int(try input.next())))
        case Opcode.binInt2: push(.int(Int(try input.littleEndian(UInt16.self))))
        case Opcode.long1: push(BigInteger.value(try input.take(Int(try input.next()))))
        case Opcode.long4: push(BigInteger.value(try input.take(Int(try input.littleEndian(Int32.self)))))
        case Opcode.binFloat:
            push(.double(Double(bitPattern: try input.littleEndian(UInt64.self).byteSwapped)))
        case Opcode.shortBinUnicode: push(.string(try input.text(Int(try input.next()))))
        case Opcode.binUnicode: push(.string(try input.text(Int(try input.littleEndian(UInt32.self)))))
        case Opcode.binUnicode8: push(.string(try input.text(try input.length())))
        case Opcode.shortBinBytes: push(.bytes(Array(try input.take(Int(try input.next())))))
        case Opcode.binBytes: push(.bytes(Array(try input.take(Int(try input.littleEndian(UInt32.self))))))
        case Opcode.binBytes8: push(.bytes(Array(try input.take(try input.length()))))
        default: return false
        }
        return true
    }

    // MARK: Values with parts

    private mutating func container(_ opcode: UInt8) throws(PickleError) -> Bool {
        switch opcode {
        case Opcode.emptyList: stack.append(.list(add([])))
        case Opcode.emptyDict: stack.append(.dictionary(add([])))
        case Opcode.emptyTuple: stack.append(.tuple(add([])))
        case Opcode.tuple1: stack.append(.tuple(add(try pop(1))))
        case Opcode.tuple2: stack.append(.tuple(add(try pop(2))))
        case Opcode.tuple3: stack.append(.tuple(add(try pop(3))))
        case Opcode.tuple: stack.append(.tuple(add(try popToMark())))
        case Opcode.append: try extend(with: try pop(1))
        case Opcode.appends: try extend(with: try popToMark())
        case Opcode.setItem: try update(with: try pop(2))
        case Opcode.setItems: try update(with: try popToMark())
        default: return false
        }
        return true
    }

    private mutating func add(_ items: [PickleItem]) -> Int {
        containers.append(items)
        parts += 1 + items.count
        return containers.count - 1
    }

    private mutating func extend(with items: [PickleItem]) throws(PickleError) {
        guard case .list(let place)? = stack.last else {
            throw input.error(.malformed, "Something is appended to what is no list.")
        }
        containers[place] += items
        parts += items.count
    }

    private mutating func update(with items: [PickleItem]) throws(PickleError) {
        guard case .dictionary(let place)? = stack.last, items.count.isMultiple(of: 2) else {
            throw input.error(.malformed, "A member is put into what is no dictionary, or a key has no value.")
        }
        containers[place] += items
        parts += items.count
    }

    // MARK: Stack and memo

    private mutating func control(_ opcode: UInt8) throws(PickleError) -> Bool {
        switch opcode {
        case Opcode.mark: stack.append(.mark)
        case Opcode.pop: _ = try popAny()
        case Opcode.popMark: _ = try popToMark()
        case Opcode.dup:
            let item = try pop()
            stack += [item, item]
        case Opcode.frame: try input.checkFrame()
        case Opcode.binPut: try put(UInt32(try input.next()))
        case Opcode.longBinPut: try put(try input.littleEndian(UInt32.self))
        case Opcode.memoize: try put(UInt32(clamping: memo.count))
        case Opcode.binGet: try get(UInt32(try input.next()))
        case Opcode.longBinGet: try get(try input.littleEndian(UInt32.self))
        case Opcode.global: try global(try input.line(), try input.line())
        case Opcode.stackGlobal:
            guard case .value(.string(let name)) = try pop(), case .value(.string(let module)) = try pop() else {
                throw input.error(.malformed, "The name of a class is no text.")
            }
            try global(module, name)
        case Opcode.reduce: try reduce()
        default: return false
        }
        return true
    }

    private mutating func push(_ value: PickleValue) { stack.append(.value(value)) }

    private mutating func popAny() throws(PickleError) -> PickleItem {
        guard let item = stack.popLast() else {
            throw input.error(.malformed, "The pickle takes a value from an empty stack.")
        }
        return item
    }

    private mutating func pop() throws(PickleError) -> PickleItem {
        let item = try popAny()
        if case .mark = item { throw input.error(.malformed, "The pickle takes a value where there is only a mark.") }
        return item
    }

    private mutating func pop(_ count: Int) throws(PickleError) -> [PickleItem] {
        var items: [PickleItem] = []
        for _ in 0..<count { items.append(try pop()) }
        return items.reversed()
    }

    private mutating func popToMark() throws(PickleError) -> [PickleItem] {
        var items: [PickleItem] = []
        while true {
            let item = try popAny()
            if case .mark = item { return items.reversed() }
            items.append(item)
        }
    }

    private mutating func put(_ number: UInt32) throws(PickleError) {
        let item = try pop()
        stack.append(item)
        memo[number] = item
    }

    private mutating func get(_ number: UInt32) throws(PickleError) {
        guard let item = memo[number] else {
            throw input.error(.malformed, "The pickle refers to a value that it has not kept.")
        }
        stack.append(item)
    }

    // MARK: Classes and functions

    private mutating func global(_ module: String, _ name: String) throws(PickleError) {
        guard let known = PickleGlobal(module, name) else {
            let shown = "\(module).\(name)".prefix(100).debugDescription
            throw input.error(.refused, "The pickle asks for \(shown). Only plain values are read.")
        }
        stack.append(.global(known))
    }

    private mutating func reduce() throws(PickleError) {
        guard case .tuple(let place) = try pop(), case .global(let global) = try pop(),
            let item = PickleCall.result(of: global, containers[place])
        else { throw input.error(.refused, "The pickle makes a call that makes no plain value.") }
        if case .value(.bytes(let bytes)) = item { madeBytes += bytes.count }
        guard madeBytes <= limits.bytes else {
            throw input.error(.tooLong, "The pickle makes more than the \(limits.bytes) bytes that are read.")
        }
        stack.append(item)
    }
}
