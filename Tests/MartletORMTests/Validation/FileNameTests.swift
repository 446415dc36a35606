import MartletORM
import Testing

/// The validators of file fields, which look at the name alone.
@Suite struct FileNameTests {
    struct NameCase: Sendable, CustomTestStringConvertible {
        let name: String
        /// `nil`: the name is taken; else the extension that is named as not allowed.
        let refused: String?

        var testDescription: String { name.debugDescription }
    }

    private static let names = [
        NameCase(name: "", refused: nil),
        NameCase(name: "photos/2026/ann.png", refused: nil),
        NameCase(name: "ANN.JPEG", refused: nil),
        NameCase(name: "a.pdf.webp", refused: nil),
        NameCase(name: "ann.pdf", refused: "pdf"),
        NameCase(name: "ann.png.exe", refused: "exe"),
        NameCase(name: "ann", refused: ""),
        NameCase(name: ".png", refused: ""),
        NameCase(name: "ann.png/x", refused: ""),
        NameCase(name: "ann.png\u{0}", refused: "png\u{0}"),
        NameCase(name: "'; DROP TABLE photo --.🐦", refused: "🐦"),
    ]

    @Test(arguments: names)
    func `an image has the extension of one, or a sentence says which there are`(_ example: NameCase) {
        let problem = Validator<StoredFile>.imageExtension.problem(with: StoredFile(name: example.name))
        let sentence = example.refused.map {
            "File extension “\($0)” is not allowed. Allowed extensions are: png, jpg, jpeg, gif, webp."
        }
        #expect(problem == sentence)
    }

    @Test func `no file is no problem`() {
        #expect(Validator<StoredFile?>.imageExtension.problem(with: nil) == nil)
    }
}
