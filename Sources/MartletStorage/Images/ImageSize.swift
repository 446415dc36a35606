/// Width and height of an image, read from the first bytes of a PNG, JPEG, GIF or WebP file without decoding it.
///
/// Source: [PNG](https://www.w3.org/TR/png/#11IHDR), [GIF89a](https://www.w3.org/Graphics/GIF/spec-gif89a.txt) §18, JPEG
/// (ITU T.81 §B.2.2), [WebP](https://developers.google.com/speed/webp/docs/riff_container).
public struct ImageSize: Sendable, Hashable {
    /// In pixels.
    public let width: Int

    /// In pixels.
    public let height: Int

    /// Reads the size of an image.
    ///
    /// - Parameter content: The file, or its beginning; a JPEG may have its size behind kilobytes of metadata.
    /// - Returns: `nil` when this is no such image, or has no pixels.
    public init?(_ content: [UInt8]) {
        guard let size = Self.png(content) ?? Self.gif(content) ?? Self.webP(content) ?? Self.jpeg(content) else {
            return nil
        }
        (width, height) = size
        guard width > 0, height > 0 else { return nil }
    }

    private static func big(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        bytes[place..<(place + count)].reduce(0) { $0 << 8 | Int($1) }
    }

    private static func little(_ bytes: [UInt8], _ place: Int, _ count: Int) -> Int {
        bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static func has(_ text: StaticString, in bytes: [UInt8], at place: Int) -> Bool {
        text.withUTF8Buffer { bytes.count >= place + $0.count && bytes[place..<(place + $0.count)].elementsEqual($0) }
    }

    private static func png(_ bytes: [UInt8]) -> (Int, Int)? {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        guard bytes.count >= 24, bytes.starts(with: signature), has("IHDR", in: bytes, at: 12) else { return nil }
        let (width, height) = (big(bytes, 16, 4), big(bytes, 20, 4))
        return width < 1 << 31 && height < 1 << 31 ? (width, height) : nil
    }

    private static func gif(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 10, has("GIF87a", in: bytes, at: 0) || has("GIF89a", in: bytes, at: 0) else { return nil }
        return (little(bytes, 6, 2), little(bytes, 8, 2))
    }

    private static func webP(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 30, has("RIFF", in: bytes, at: 0), has("WEBP", in: bytes, at: 8) else { return nil }
        if has("VP8X", in: bytes, at: 12) { return (little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1) }
        if has("VP8L", in: bytes, at: 12), bytes[20] == 0x2F {
            let bits = little(bytes, 21, 4)
            return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        }
        guard has("VP8 ", in: bytes, at: 12), bytes[23] == 0x9D, bytes[24] == 0x01, bytes[25] == 0x2A else {
            return nil
        }
        return (little(bytes, 26, 2) & 0x3FFF, little(bytes, 28, 2) & 0x3FFF)
    }

    /// Goes from segment to segment to the one that begins a frame.
    private static func jpeg(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] == 0xD8 else { return nil }
        var place = 2
        while place + 4 <= bytes.count {
            guard bytes[place] == 0xFF else { return nil }
            let marker = bytes[place + 1]
            switch marker {
            case 0xFF: place += 1  // Any number of them may stand before a marker.
            case 0x01, 0xD0...0xD8: place += 2  // These have no length.
            case 0xD9, 0xDA: return nil  // Data begins before any size was told.
            default:
                let length = big(bytes, place + 2, 2)
                guard length >= 2 else { return nil }
                // 0xC4, 0xC8 and 0xCC are tables and extensions, no frames.
                if (0xC0...0xCF).contains(marker), marker != 0xC4, marker != 0xC8, marker != 0xCC {
                    guard length >= 7, place + 9 <= bytes.count else { return nil }
                    return (big(bytes, place + 7, 2), big(bytes, place + 5, 2))
                }
                place += 2 + length
            }
        }
        return nil
    }
}
