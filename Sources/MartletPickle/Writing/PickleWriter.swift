/// Writes the instructions of protocol 4 that build a value. Nothing is shared, so there is no memo.
struct PickleWriter {
    /// The reader's stack is as deep as the value nests.
    static let deepest = 512

    private var bytes: [UInt8] = [Opcode.proto, 4]

    mutating func finish() -> [UInt8] {
        bytes.append(Opcode.stop)
        return bytes
    }

    mutating func write(_ value: PickleValue, depth: Int = 0) throws(PickleError) {
        switch value {
        case .none: bytes.append(Opcode.none)
        case .bool(let value): bytes.append(value ? Opcode.newTrue : Opcode.newFalse)
        case .int(let number): integer(number)
        case .bigInt(let digits): long(digits)
        case .double(let number):
            bytes.append(Opcode.binFloat)
            append(bigEndian: number.bitPattern)
        case .string(let text): sized(text.utf8, Opcode.shortBinUnicode, Opcode.binUnicode, Opcode.binUnicode8)
        case .bytes(let content): sized(content, Opcode.shortBinBytes, Opcode.binBytes, Opcode.binBytes8)
        case .dateTime(let time): dateTime(time)
        case .list(let elements): try list(elements, try deeper(depth))
        case .tuple(let elements): try tuple(elements, try deeper(depth))
        case .dictionary(let members): try dictionary(members, try deeper(depth))
        }
    }

    private func deeper(_ depth: Int) throws(PickleError) -> Int {
        guard depth < Self.deepest else {
            throw PickleError(.tooDeep, "The value nests deeper than \(Self.deepest) levels.")
        }
        return depth + 1
    }

    // MARK: Containers

    private mutating func list(_ elements: [PickleValue], _ depth: Int) throws(PickleError) {
        bytes.append(Opcode.emptyList)
        if elements.isEmpty { return }
        bytes.append(Opcode.mark)
        for element in elements { try write(element, depth: depth) }
        bytes.append(Opcode.appends)
    }

    private mutating func tuple(_ elements: [PickleValue], _ depth: Int) throws(PickleError) {
        if elements.count > 3 { bytes.append(Opcode.mark) }
        for element in elements { try write(element, depth: depth) }
        switch elements.count {
        case 0: bytes.append(Opcode.emptyTuple)
        case 1: bytes.append(Opcode.tuple1)
        case 2: bytes.append(Opcode.tuple2)
        case 3: bytes.append(Opcode.tuple3)
        default: bytes.append(Opcode.tuple)
        }
    }

    private mutating func dictionary(_ members: PickleDictionary, _ depth: Int) throws(PickleError) {
        bytes.append(Opcode.emptyDict)
        if members.isEmpty { return }
        bytes.append(Opcode.mark)
        for (key, value) in members {
            guard key.mayBeKey else {
                throw PickleError(.invalidValue, "A list or a dictionary is the key of a dictionary.")
            }
            try write(key, depth: depth)
            try write(value, depth: depth)
        }
        bytes.append(Opcode.setItems)
    }

    // MARK: Numbers

    private mutating func integer(_ number: Int) {
        if let byte = UInt8(exactly: number) {
            bytes.append(Opcode.binInt1)
            bytes.append(byte)
        } else if let word = UInt16(exactly: number) {
            bytes.append(Opcode.binInt2)
            append(littleEndian: word)
        } else if let word = Int32(exactly: number) {
            bytes.append(Opcode.binInt)
            append(littleEndian: word)
        } else {
            long(BigInteger.bytes(number))
        }
    }

    private mutating func long(_ digits: [UInt8]) {
        if let count = UInt8(exactly: digits.count) {
            bytes.append(Opcode.long1)
            bytes.append(count)
        } else {
            bytes.append(Opcode.long4)
            append(littleEndian: Int32(clamping: digits.count))
        }
        bytes += digits
    }

    // MARK: Text and bytes

    private mutating func sized(_ content: some Collection<UInt8>, _ short: UInt8, _ middle: UInt8, _ long: UInt8) {
        if let count = UInt8(exactly: content.count) {
            bytes.append(short)
            bytes.append(count)
        } else if let count = UInt32(exactly: content.count) {
            bytes.append(middle)
            append(littleEndian: count)
        } else {
            bytes.append(long)
            append(littleEndian: UInt64(content.count))
        }
        bytes += content
    }

    // MARK: Dates

    /// `datetime(state)`, or `datetime(state, timezone(timedelta(days, seconds, 0)))`.
    private mutating func dateTime(_ time: PickleDateTime) {
        global("datetime")
        sized(time.state, Opcode.shortBinBytes, Opcode.binBytes, Opcode.binBytes8)
        if let offset = time.utcOffset {
            global("timezone")
            global("timedelta")
            integer(offset < 0 ? -1 : 0)
            integer(offset < 0 ? offset + 86_400 : offset)
            integer(0)
            bytes += [Opcode.tuple3, Opcode.reduce, Opcode.tuple1, Opcode.reduce, Opcode.tuple2]
        } else {
            bytes.append(Opcode.tuple1)
        }
        bytes.append(Opcode.reduce)
    }

    private mutating func global(_ name: String) {
        for text in ["datetime", name] {
            sized(text.utf8, Opcode.shortBinUnicode, Opcode.binUnicode, Opcode.binUnicode8)
        }
        bytes.append(Opcode.stackGlobal)
    }

    private mutating func append(littleEndian number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }

    private mutating func append(bigEndian number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }
}
