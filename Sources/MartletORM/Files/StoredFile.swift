import MartletStorage
public import MartletTemplates

/// A file whose name stands in the database and whose bytes are in a storage: the type of file and image fields.
///
/// ```swift
/// var attachment = StoredFile()      // none
/// var photo: StoredFile?             // may be null
///
/// try await post.store(bytes, named: "cv.pdf", in: \.attachment)
/// let bytes = try await post.attachment.read()
/// ```
///
/// Reading a property never touches the storage; the methods that do are `async`.
///
/// Source: [Django, `FieldFile`](https://docs.djangoproject.com/en/5.2/ref/models/fields/#filefield-and-fieldfile).
public struct StoredFile: Sendable, Hashable {
    /// The name in the storage, with its folder; empty for no file.
    public var name: String

    /// The name of the storage among the site's.
    public internal(set) var storageName: String

    /// Makes a reference to no file.
    public init() {
        self.init(name: "")
    }

    /// Makes a reference to a file that is in the storage.
    public init(name: String, storage: String = "default") {
        self.name = name
        storageName = storage
    }

    /// Whether there is no file.
    public var isEmpty: Bool { name.isEmpty }

    private func storage() throws(StorageError) -> any Storage {
        guard !isEmpty else { throw StorageError(.notFound, "The field refers to no file. Check `isEmpty` first.") }
        return try Storages.current.storage(named: storageName)
    }

    /// Where a browser finds the file.
    ///
    /// - Throws: ``MartletStorage/StorageError``.
    public var url: String {
        get throws(StorageError) { try storage().url(of: name) }
    }

    /// The bytes.
    ///
    /// - Throws: ``MartletStorage/StorageError``.
    public func read() async throws -> [UInt8] { try await storage().read(name) }

    /// How many bytes there are.
    ///
    /// - Throws: ``MartletStorage/StorageError``.
    public func size() async throws -> Int { try await storage().size(of: name) }

    /// Removes the file from the storage; the row still names it until it is saved with another.
    ///
    /// - Throws: ``MartletStorage/StorageError``.
    public func delete() async throws { try await storage().delete(name) }
}

/// A file, or an optional one.
public protocol FileValue: FieldValue {
    /// The file; `nil` for null.
    var storedFile: StoredFile? { get }

    /// Makes the value of a file.
    init(storedFile: StoredFile)

    /// The same value with the name of its storage.
    func stored(in storage: String) -> Self
}

extension StoredFile: FileValue {
    /// The name.
    public var sqlValue: SQLValue { .text(name) }

    /// Reads the name.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> StoredFile {
        StoredFile(name: try row.text(at: index))
    }

    /// The file itself.
    public var storedFile: StoredFile? { self }

    /// The file itself.
    public init(storedFile: StoredFile) { self = storedFile }

    /// The file in another storage.
    public func stored(in storage: String) -> StoredFile { StoredFile(name: name, storage: storage) }
}

extension Optional: FileValue where Wrapped: FileValue {
    /// The file, if there is one.
    public var storedFile: StoredFile? { self?.storedFile }

    /// The file.
    public init(storedFile: StoredFile) { self = Wrapped(storedFile: storedFile) }

    /// The file in another storage.
    public func stored(in storage: String) -> Wrapped? { self?.stored(in: storage) }
}

extension StoredFile: TemplateObject {
    /// The name.
    public var templateText: String { name }

    /// `name` and `url`.
    public func templateMember(_ member: String) throws -> TemplateValue? {
        switch member {
        case "name": .string(name)
        case "url": .string(try url)
        default: nil
        }
    }

    /// Whether there is a file.
    public var templateTruth: Bool { !isEmpty }
}
