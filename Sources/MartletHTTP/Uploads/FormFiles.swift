/// The files of a form, in order, with repeats kept.
///
/// ```swift
/// let form = try await request.form()
/// let photo = try form.files.require("photo")
/// for attachment in form.files.all("attachments") { … }
/// ```
public struct FormFiles: Sendable, Sequence {
    /// A file and the field it came in.
    public struct Entry: Sendable {
        /// The name of the field.
        public let name: String
        /// The file.
        public let file: UploadedFile
    }

    private var entries: [Entry] = []

    /// Makes files from fields and files, as tests do.
    public init(_ files: KeyValuePairs<String, UploadedFile> = [:]) {
        entries = files.map { Entry(name: $0.key, file: $0.value) }
    }

    mutating func append(_ file: UploadedFile, name: String) {
        entries.append(Entry(name: name, file: file))
    }

    /// The last file of a field; `nil` when there is none, or when none was chosen.
    public subscript(_ name: String) -> UploadedFile? {
        entries.last { $0.name == name }?.file
    }

    /// All files of a field, in order, as a field with `multiple` sends them.
    public func all(_ name: String) -> [UploadedFile] {
        entries.compactMap { $0.name == name ? $0.file : nil }
    }

    /// The last file of a field that must be there.
    ///
    /// - Throws: ``HTTPError`` 400 when there is none.
    public func require(_ name: String) throws(HTTPError) -> UploadedFile {
        guard let file = self[name] else {
            throw HTTPError(badInput: "The file '\(name)' is missing.", field: name, rule: .required)
        }
        return file
    }

    /// How many files there are, repeats counted.
    public var count: Int { entries.count }

    /// Whether there is no file.
    public var isEmpty: Bool { entries.isEmpty }

    /// Iterates over the files in order.
    public func makeIterator() -> IndexingIterator<[Entry]> { entries.makeIterator() }
}
