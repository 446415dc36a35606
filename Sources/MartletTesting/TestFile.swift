/// A file that a test sends with a form.
///
/// ```swift
/// let photo = TestFile("me.png", content: bytes, contentType: "image/png")
/// let response = try await TestClient().post("/photos/", form: ["title": "Me"], files: ["photo": photo])
/// ```
public struct TestFile: Sendable {
    /// The name, as the client's machine has it.
    public let fileName: String

    /// The content.
    public let content: [UInt8]

    /// The media type that the client claims.
    public let contentType: String

    /// Makes a file of bytes.
    public init(_ fileName: String, content: [UInt8], contentType: String = "application/octet-stream") {
        self.fileName = fileName
        self.content = content
        self.contentType = contentType
    }

    /// Makes a file of text.
    public init(_ fileName: String, text: String, contentType: String = "text/plain; charset=utf-8") {
        self.init(fileName, content: Array(text.utf8), contentType: contentType)
    }
}
