/// Reads a multipart form to its end: fields into memory, files into memory as long as they are small together.
struct MultipartFormReader {
    private let rules: BodyRules
    private let directory: String
    private var fields: [FormFields.Field] = []
    private var files = FormFiles()
    private var fieldBytes = 0
    private var fileMemory = 0

    private init(_ request: Request) {
        rules = request.body.rules
        directory = request.uploadDirectory
    }

    /// Reads the form.
    ///
    /// - Throws: ``HTTPError``; ``UploadError`` when a file cannot be written.
    static func read(_ request: Request) async throws -> FormFields {
        var cursor = try MultipartCursor(request)
        var reader = MultipartFormReader(request)
        while let head = try await cursor.nextPart() {
            if head.fileName == nil {
                try await reader.readField(head, &cursor)
            } else {
                try await reader.readFile(head, &cursor)
            }
        }
        return FormFields(reader.fields, origin: .form, files: reader.files)
    }

    private mutating func readField(_ head: MultipartHead, _ cursor: inout MultipartCursor) async throws {
        var content: [UInt8] = []
        try count(head.name.utf8.count, head)
        while let chunk = try await cursor.nextChunk() {
            try count(chunk.count, head)
            if content.isEmpty { content = chunk } else { content += chunk }
        }
        guard let value = String(validating: content, as: UTF8.self) else {
            throw HTTPError(
                badInput: "The form field '\(head.name)' is not UTF-8.", field: head.name, rule: .encoding)
        }
        fields.append(FormFields.Field(name: head.name, value: value))
    }

    /// Counts what is kept of all fields together.
    private mutating func count(_ more: Int, _ head: MultipartHead) throws(HTTPError) {
        fieldBytes += more
        guard fieldBytes <= rules.limits.collectedBytes else {
            throw rules.tooLarge(
                "The form up to its field '\(head.name)', without files,", rules.limits.collectedBytes,
                "collectedBytes", field: head.name)
        }
    }

    private mutating func readFile(_ head: MultipartHead, _ cursor: inout MultipartCursor) async throws {
        // Kept as they come: one growing array would be copied again and again, and leave holes in the heap.
        var chunks: [[UInt8]] = []
        var size = 0
        while let chunk = try await cursor.nextChunk() {
            chunks.append(chunk)
            size += chunk.count
            if fileMemory + size > rules.limits.fileMemoryBytes {
                let file = try await write(&chunks, &cursor)
                files.append(UploadedFile(head, file: file), name: head.name)
                return
            }
        }
        // A file field in which nothing was chosen.
        if head.fileName == "", size == 0 { return }
        fileMemory += size
        files.append(UploadedFile(head, content: Self.joined(chunks, size)), name: head.name)
    }

    /// Goes on with a file on the disk.
    private func write(_ chunks: inout [[UInt8]], _ cursor: inout MultipartCursor) async throws -> TemporaryFile {
        let file = try await TemporaryFile.make(in: directory)
        for index in chunks.indices {
            try await file.write(chunks[index])
            chunks[index] = []
        }
        while let chunk = try await cursor.nextChunk() { try await file.write(chunk) }
        return file
    }

    private static func joined(_ chunks: [[UInt8]], _ size: Int) -> [UInt8] {
        if chunks.count == 1 { return chunks[0] }
        var content: [UInt8] = []
        content.reserveCapacity(size)
        for chunk in chunks { content += chunk }
        return content
    }
}
