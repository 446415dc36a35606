/// A file that came with a form.
///
/// ```swift
/// let form = try await request.form()
/// if let photo = form.files["photo"], photo.contentType == "image/png" {
///     try await photo.save(to: "media/\(UUID()).png")
/// }
/// ```
///
/// A small file is in memory, a large one in a temporary file without a name, which vanishes with the last copy of this
/// value. What the client says about it, name and type, is no more than a claim.
public struct UploadedFile: Sendable {
    private enum Storage: Sendable {
        case memory([UInt8])
        case file(TemporaryFile)
    }

    /// The name that the client has given it, without folders, control characters and blanks at its ends, and not longer
    /// than ``RequestLimits/fileNameBytes``; `file` where nothing is left.
    ///
    /// Two clients may send the same name, and `.htaccess` is a name too: choose your own to save it.
    public let fileName: String

    /// The media type that the client claims; `application/octet-stream` where it says nothing.
    public let contentType: String

    /// All fields of the part's header.
    public let headers: Headers

    /// The size in bytes.
    public let size: Int

    private let storage: Storage

    /// Makes a file in memory, as tests do.
    public init(fileName: String, contentType: String = "application/octet-stream", content: [UInt8]) {
        self.init(fileName: fileName, contentType: contentType, headers: Headers(), storage: .memory(content))
    }

    private init(fileName: String, contentType: String?, headers: Headers, storage: Storage) {
        self.fileName = fileName
        self.contentType = contentType ?? MediaType.octetStream.description
        self.headers = headers
        self.storage = storage
        size =
            switch storage {
            case .memory(let content): content.count
            case .file(let file): file.size
            }
    }

    init(_ head: MultipartHead, content: [UInt8]) {
        self.init(head, .memory(content))
    }

    init(_ head: MultipartHead, file: TemporaryFile) {
        self.init(head, .file(file))
    }

    private init(_ head: MultipartHead, _ storage: Storage) {
        let name = head.fileName ?? ""
        self.init(
            fileName: name.isEmpty ? Self.namelessFile : name, contentType: head.contentType, headers: head.headers,
            storage: storage)
    }

    /// Whether the content is in memory.
    public var isInMemory: Bool {
        if case .memory = storage { true } else { false }
    }

    /// Reads the whole content into memory.
    ///
    /// - Parameter limit: The most bytes to take; any size unless told.
    /// - Throws: ``HTTPError`` 413 when the file is larger; ``UploadError`` when it cannot be read.
    public func read(upTo limit: Int = .max) async throws -> [UInt8] {
        guard size <= limit else {
            throw HTTPError(
                badInput: "The file '\(fileName)' is larger than \(limit) bytes.", field: fileName,
                rule: .init("fileBytes"), status: .contentTooLarge)
        }
        switch storage {
        case .memory(let content): return content
        case .file(let file): return try await file.read(at: 0, count: file.size)
        }
    }

    /// Reads a piece of the content; shorter at the end of the file.
    ///
    /// - Parameters:
    ///   - offset: Where it begins, in bytes.
    ///   - count: How many bytes to read.
    /// - Throws: ``UploadError`` when the file cannot be read.
    public func read(at offset: Int, count: Int) async throws -> [UInt8] {
        switch storage {
        case .memory(let content): Array(content.dropFirst(max(offset, 0)).prefix(max(count, 0)))
        case .file(let file): try await file.read(at: offset, count: count)
        }
    }

    /// The content in pieces of 64 KB.
    public var chunks: Chunks { Chunks(file: self) }

    /// Writes the content to a file that is complete when it appears; a temporary file on the same file system is not
    /// copied.
    ///
    /// - Parameters:
    ///   - path: Where to save it. Do not make it from ``fileName`` alone, which the client has chosen.
    ///   - replacing: Whether a file that is there is replaced; otherwise that is an error.
    ///   - permissions: Who may do what with it; 0o644 unless told, as Django's `FILE_UPLOAD_PERMISSIONS`.
    /// - Throws: ``UploadError``.
    public func save(to path: String, replacing: Bool = false, permissions: UInt32 = 0o644) async throws {
        switch storage {
        case .file(let file):
            try await file.save(to: path, replacing: replacing, permissions: permissions)
        case .memory(let content):
            // Written where it is to be, so that putting it in its place needs no copy.
            let file = try await TemporaryFile.make(besides: path)
            try await file.write(content)
            try await file.save(to: path, replacing: replacing, permissions: permissions)
        }
    }

    /// The content of a file in pieces.
    public struct Chunks: Sendable, AsyncSequence {
        fileprivate let file: UploadedFile

        /// Iterates from the beginning.
        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: file) }

        /// Delivers the pieces.
        public struct AsyncIterator: AsyncIteratorProtocol {
            fileprivate let file: UploadedFile
            private var offset = 0

            fileprivate init(file: UploadedFile) {
                self.file = file
            }

            /// The next piece; `nil` at the end.
            ///
            /// - Throws: ``UploadError`` when the file cannot be read.
            public mutating func next() async throws -> [UInt8]? {
                guard offset < file.size else { return nil }
                let chunk = try await file.read(at: offset, count: TemporaryFile.chunkSize)
                offset += chunk.count
                return chunk.isEmpty ? nil : chunk
            }
        }
    }
}
