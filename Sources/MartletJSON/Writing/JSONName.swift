/// The name of a member with its quotes, escapes and colon, made once and written often.
package struct JSONName: Sendable, Hashable {
    let text: [UInt8]
    let ascii: [UInt8]

    package init(_ name: String) {
        text = Self.escape(name, asciiOnly: false)
        ascii = name.utf8.allSatisfy { $0 < 0x80 } ? text : Self.escape(name, asciiOnly: true)
    }

    private static func escape(_ name: String, asciiOnly: Bool) -> [UInt8] {
        var writer = JSONWriter(asciiOnly: asciiOnly)
        writer.name(name)
        return writer.bytes
    }
}
