/// Where files are kept whose names stand in the database: a folder, memory in tests, a service of your own.
///
/// A name is a path with `/`, relative to the storage. What a client has called its file is made harmless by
/// ``FileName``; names that lead elsewhere are refused by every storage.
///
/// Source: [Django, the file storage API](https://docs.djangoproject.com/en/5.2/ref/files/storage/).
public protocol Storage: Sendable {
    /// Saves a file under a name that is free: the one that is asked for, or one with random characters before its
    /// extension. A file that is there is never overwritten.
    ///
    /// - Parameters:
    ///   - content: The bytes.
    ///   - name: What it shall be called, with its folder.
    ///   - maxLength: The longest name, in characters.
    /// - Returns: The name under which it was saved.
    /// - Throws: ``StorageError``.
    func save(_ content: [UInt8], as name: String, maxLength: Int) async throws -> String

    /// The bytes of a file.
    ///
    /// - Throws: ``StorageError``; of kind `notFound` where there is none.
    func read(_ name: String) async throws -> [UInt8]

    /// Removes a file; one that is not there is no error.
    ///
    /// - Throws: ``StorageError``.
    func delete(_ name: String) async throws

    /// Whether there is a file of that name.
    ///
    /// - Throws: ``StorageError``.
    func exists(_ name: String) async throws -> Bool

    /// How many bytes a file has.
    ///
    /// - Throws: ``StorageError``; of kind `notFound` where there is none.
    func size(of name: String) async throws -> Int

    /// Where a browser finds a file.
    ///
    /// - Throws: ``StorageError`` for a name that is none, and where the storage has no address.
    func url(of name: String) throws(StorageError) -> String
}

extension Storage {
    /// Saves a file whose name may have at most 100 characters, the length of a file field.
    public func save(_ content: [UInt8], as name: String) async throws -> String {
        try await save(content, as: name, maxLength: 100)
    }
}
