import MartletStorage

extension Model {
    /// Puts a file into the storage of a field and its name into the property; the row is not saved.
    ///
    /// ```swift
    /// try await post.store(upload.bytes(), named: upload.name, in: \.attachment)
    /// try await post.save()
    /// ```
    ///
    /// The client's name is cleaned (``MartletStorage/FileName/cleaned(_:)``) and never overwrites a file. A file that the
    /// property referred to before stays in the storage: the row may still name it, until it is saved.
    ///
    /// - Parameters:
    ///   - content: The bytes.
    ///   - name: What the client calls the file.
    ///   - property: A property with a `.file` or `.image` line.
    /// - Throws: ``MartletStorage/StorageError``; ``ValidationError`` for an image field and bytes that are no image;
    ///   ``ORMError/invalidQuery(_:)`` for a property without such a line.
    public mutating func store<V: FileValue>(
        _ content: [UInt8], named name: String, in property: any WritableKeyPath<Self, V> & Sendable
    ) async throws {
        guard let rules = Self.table.field(at: property)?.files else {
            throw ORMError.invalidQuery(
                "'\(Field<Self>.propertyName(property))' of \(Self.self) is no file field. Give it a line `.file(…)`.")
        }
        let size = rules.isImage ? ImageSize(content) : nil
        if rules.isImage, size == nil {
            throw ValidationError(
                property,
                "Upload a valid image. The file you uploaded was either not an image or a corrupted image.",
                code: "invalid_image")
        }
        let wanted = rules.folder(self, try FileName.cleaned(name))
        let storage = try Storages.current.storage(named: rules.storage)
        let saved = try await storage.save(
            content, as: try FileName.cleanedPath(wanted), maxLength: rules.maxLength)
        self[keyPath: property] = V(storedFile: StoredFile(name: saved, storage: rules.storage))
        if let size { rules.setSize?(&self, size.width, size.height) }
    }
}
