extension Validator where V: FileValue {
    /// A file whose name has one of the extensions, in any case.
    public static func fileExtension(_ allowed: [String]) -> Validator {
        let allowed = allowed.map { $0.lowercased() }
        return Validator("invalid_extension") { value in
            value.storedFile.flatMap { $0.isEmpty ? nil : TextRules.fileExtension($0.name, allowed) }
        }
    }

    /// A file whose name has the extension of an image that browsers show.
    public static var imageExtension: Validator { fileExtension(["png", "jpg", "jpeg", "gif", "webp"]) }
}
