/// The header fields of a request as they came: one allocation with all bytes and where each field lies in them.
///
/// Most requests are answered after a look at two or three fields, so names and values become strings only when
/// someone asks.
///
/// `@unchecked Sendable`: the buffer is written once, in the initializer, before anyone else sees it.
package struct HeaderBlock: @unchecked Sendable {
    /// How the elements are divided: a table of `fieldCount` spans, then the bytes.
    private struct Shape {
        let fieldCount: Int
        let byteCount: Int
    }

    /// Where a field lies, counted from the start of the bytes.
    package struct Span {
        package var nameStart: UInt32
        package var nameLength: UInt32
        package var valueStart: UInt32
        package var valueLength: UInt32

        /// Makes a span from offsets; a head is far shorter than 4 GB, and a longer one is refused before.
        package init(name: Range<Int>, value: Range<Int>) {
            nameStart = UInt32(clamping: name.lowerBound)
            nameLength = UInt32(clamping: name.count)
            valueStart = UInt32(clamping: value.lowerBound)
            valueLength = UInt32(clamping: value.count)
        }
    }

    private let buffer: ManagedBuffer<Shape, UInt8>

    /// Copies fields that the parser has checked.
    ///
    /// - Parameters:
    ///   - bytes: The bytes that all spans refer to.
    ///   - spans: The fields in order.
    package init(_ bytes: UnsafeRawBufferPointer, _ spans: [Span]) {
        let tableSize = spans.count * MemoryLayout<Span>.stride
        buffer = .create(minimumCapacity: tableSize + bytes.count) { _ in
            Shape(fieldCount: spans.count, byteCount: bytes.count)
        }
        buffer.withUnsafeMutablePointerToElements { elements in
            let memory = UnsafeMutableRawBufferPointer(start: elements, count: tableSize + bytes.count)
            spans.withUnsafeBytes { memory.copyMemory(from: $0) }
            UnsafeMutableRawBufferPointer(rebasing: memory[tableSize...]).copyMemory(from: bytes)
        }
    }

    /// How many fields there are.
    var count: Int { buffer.header.fieldCount }

    /// The value of the first field whose name is `name` in lower case.
    func first(_ name: HeaderName) -> String? {
        withBytes { spans, bytes in
            guard let index = Self.index(of: name, from: 0, spans, bytes) else { return nil }
            return Self.text(bytes, spans[index].valueStart, spans[index].valueLength)
        }
    }

    /// The values of all fields of that name.
    func all(_ name: HeaderName) -> [String] {
        withBytes { spans, bytes in
            var values: [String] = []
            var next = 0
            while let index = Self.index(of: name, from: next, spans, bytes) {
                values.append(Self.text(bytes, spans[index].valueStart, spans[index].valueLength))
                next = index + 1
            }
            return values
        }
    }

    /// Whether a field of that name is present.
    func contains(_ name: HeaderName) -> Bool {
        withBytes { Self.index(of: name, from: 0, $0, $1) != nil }
    }

    /// All fields as strings.
    func fields() -> [Headers.Field] {
        withBytes { spans, bytes in
            spans.map { span in
                Headers.Field(
                    name: HeaderName(unchecked: Self.text(bytes, span.nameStart, span.nameLength)),
                    value: Self.text(bytes, span.valueStart, span.valueLength))
            }
        }
    }

    private func withBytes<Result>(
        _ body: (UnsafeBufferPointer<Span>, UnsafeRawBufferPointer) -> Result
    ) -> Result {
        buffer.withUnsafeMutablePointers { shape, elements in
            let fieldCount = shape.pointee.fieldCount
            let tableSize = fieldCount * MemoryLayout<Span>.stride
            let bytes = UnsafeRawBufferPointer(start: elements + tableSize, count: shape.pointee.byteCount)
            // The table begins where the elements do, behind a header of two words: aligned well enough for a span.
            return UnsafeRawPointer(elements).withMemoryRebound(to: Span.self, capacity: fieldCount) {
                body(UnsafeBufferPointer(start: $0, count: fieldCount), bytes)
            }
        }
    }

    private static func index(
        of name: HeaderName, from start: Int, _ spans: UnsafeBufferPointer<Span>, _ bytes: UnsafeRawBufferPointer
    ) -> Int? {
        var wanted = name.canonicalName
        return wanted.withUTF8 { wanted in
            (start..<spans.count).first { index in
                Int(spans[index].nameLength) == wanted.count
                    && isEqual(bytes, Int(spans[index].nameStart), lowercase: wanted)
            }
        }
    }

    private static func isEqual(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, lowercase wanted: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        for offset in 0..<wanted.count where bytes[start + offset].lowercasedASCII != wanted[offset] { return false }
        return true
    }

    private static func text(_ bytes: UnsafeRawBufferPointer, _ start: UInt32, _ length: UInt32) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes[Int(start)..<Int(start + length)]), as: UTF8.self)
    }
}

extension UInt8 {
    /// The byte, as a small letter when it is a capital one of ASCII.
    package var lowercasedASCII: UInt8 {
        (0x41...0x5A).contains(self) ? self | 0x20 : self
    }
}
