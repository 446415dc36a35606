/// One part of a form while it arrives: a field or a file.
public struct MultipartPart: Sendable {
    /// The name of the field.
    public let name: String

    /// The name of the file, cleaned as ``UploadedFile/fileName`` is; empty where a page has a file field and nothing
    /// was chosen, `nil` for a field without a file.
    public let fileName: String?

    /// The media type that the client claims; `nil` where it says nothing.
    public let contentType: String?

    /// All fields of the part's header.
    public let headers: Headers

    /// The content, to be read before the next part is asked for.
    public let body: MultipartBody

    init(_ head: MultipartHead, _ body: MultipartBody) {
        name = head.name
        fileName = head.fileName
        contentType = head.contentType
        headers = head.headers
        self.body = body
    }
}
