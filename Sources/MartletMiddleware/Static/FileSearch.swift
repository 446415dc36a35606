import MartletHTTP

/// Where files are looked for, and which compressed ones beside them.
struct FileSearch: Sendable {
    let directories: [String]
    /// The compressed files that may be there, the best first.
    let codings: [ContentCoding]

    private static let endings: [ContentCoding: String] = [.brotli: ".br", .gzip: ".gz"]

    /// Opens a file and those compressed beside it; waits for the disk.
    ///
    /// - Returns: `nil` when no directory has such a file.
    /// - Throws: ``MartletHTTP/FileError``.
    func find(_ path: String) throws -> FoundFile? {
        for (place, directory) in directories.enumerated() {
            guard let original = try OpenFile.openNow(path, below: directory) else { continue }
            var variants: [FoundFile.Variant] = []
            for coding in codings {
                let name = path + (Self.endings[coding] ?? "")
                // Looked at before it is opened, so that a change in between is noticed later.
                guard let identity = FileIdentity(path: directory + "/" + name) else { continue }
                let file = try OpenFile.openNow(name, below: directory, tagSuffix: "-" + coding.description)
                variants.append(.init(coding: coding, identity: identity, file: file))
            }
            return FoundFile(original: original, variants: variants, place: place)
        }
        return nil
    }

    /// Whether looking for the file again would find the same.
    ///
    /// - Parameter withVariants: Whether the compressed files count.
    func isCurrent(_ known: FoundFile, _ path: String, withVariants: Bool) -> Bool {
        let location = directories[known.place] + "/" + path
        guard FileIdentity(path: location) == known.original.identity else { return false }
        for earlier in directories[..<known.place] where FileIdentity(path: earlier + "/" + path) != nil {
            return false
        }
        guard withVariants else { return true }
        return codings.allSatisfy { coding in
            FileIdentity(path: location + (Self.endings[coding] ?? "")) == known.identity(of: coding)
        }
    }
}

/// A file that is open, with those compressed beside it.
struct FoundFile: Sendable {
    struct Variant: Sendable {
        let coding: ContentCoding
        /// What the name led to, whether or not it can be used.
        let identity: FileIdentity
        let file: OpenFile?
    }

    let original: OpenFile
    let type: MediaType
    /// Which of the directories has it.
    let place: Int
    private let identities: [ContentCoding: FileIdentity]
    private let usable: [(coding: ContentCoding, file: OpenFile)]

    init(original: OpenFile, variants: [Variant], place: Int) {
        self.original = original
        self.place = place
        type = MediaType(fileName: original.name)
        identities = Dictionary(uniqueKeysWithValues: variants.map { ($0.coding, $0.identity) })
        // Whole seconds: not every program that compresses a file gives it the fraction of the original's date.
        let oldest = original.identity.modified.seconds
        usable = variants.compactMap { variant in
            guard let file = variant.file, file.identity.modified.seconds >= oldest else { return nil }
            return (variant.coding, file)
        }
    }

    var hasVariants: Bool { !usable.isEmpty }

    func identity(of coding: ContentCoding) -> FileIdentity? { identities[coding] }

    /// What a client is to get.
    func best(for accepted: AcceptedCodings) -> (file: OpenFile, coding: ContentCoding) {
        guard hasVariants else { return (original, .identity) }
        let coding = accepted.best(among: usable.map(\.coding))
        let variant = usable.first { $0.coding == coding }
        return (variant?.file ?? original, coding)
    }
}
