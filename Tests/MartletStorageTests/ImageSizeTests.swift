import MartletStorage
import Testing

@Suite struct ImageSizeTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        /// `nil`: no image.
        let size: [Int]?
    }

    private static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 1, 0, 0, 0, 0, 64]
    private static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC4, 0, 3, 9, 0xFF, 0xC2, 0, 11, 8, 0, 20, 1, 44, 3, 1, 2, 3]
    private static func webP(_ kind: String, _ rest: [UInt8]) -> [UInt8] {
        Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WEBP".utf8) + Array(kind.utf8) + [0, 0, 0, 0] + rest
    }

    static let examples = [
        Example(testDescription: "PNG", bytes: png, size: [256, 64]),
        Example(testDescription: "a PNG that ends too early", bytes: Array(png.dropLast()), size: nil),
        Example(testDescription: "a PNG without pixels", bytes: Array(png.dropLast(4)) + [0, 0, 0, 0], size: nil),
        Example(testDescription: "GIF87a", bytes: Array("GIF87a".utf8) + [3, 0, 0, 1], size: [3, 256]),
        Example(testDescription: "GIF89a", bytes: Array("GIF89a".utf8) + [1, 2, 3, 4, 5], size: [513, 1027]),
        Example(testDescription: "a GIF of no version", bytes: Array("GIF90a".utf8) + [1, 2, 3, 4, 5], size: nil),
        Example(testDescription: "a progressive JPEG behind metadata", bytes: jpeg, size: [300, 20]),
        Example(testDescription: "a JPEG that ends in its frame", bytes: Array(jpeg.prefix(20)), size: nil),
        Example(
            testDescription: "a JPEG whose data begins first", bytes: [0xFF, 0xD8, 0xFF, 0xDA, 0, 8, 1, 1], size: nil),
        Example(
            testDescription: "a JPEG with a segment of no length", bytes: [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 1, 1],
            size: nil),
        Example(
            testDescription: "lossy WebP",
            bytes: webP("VP8 ", [0, 0, 0, 0x9D, 0x01, 0x2A, 0x40, 0x41, 0x20, 0x00]), size: [320, 32]),
        Example(
            testDescription: "lossless WebP",
            bytes: webP("VP8L", [0x2F, 0x0F, 0xC0, 0x07, 0x00, 0, 0, 0, 0, 0]), size: [16, 32]),
        Example(
            testDescription: "extended WebP", bytes: webP("VP8X", [0, 0, 0, 0, 99, 0, 0, 199, 0, 0]), size: [100, 200]),
        Example(testDescription: "nothing", bytes: [], size: nil),
        Example(testDescription: "HTML", bytes: Array("<html><script>alert(1)</script></html>".utf8), size: nil),
    ]

    @Test(arguments: examples)
    func `the size is read from the first bytes`(_ example: Example) {
        #expect(ImageSize(example.bytes).map { [$0.width, $0.height] } == example.size)
    }

    @Test func `no beginning of an image is read past its end`() {
        for example in Self.examples {
            for count in 0...example.bytes.count { _ = ImageSize(Array(example.bytes.prefix(count))) }
        }
        #expect(ImageSize(Self.png) != nil)
    }
}
