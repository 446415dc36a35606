/// Why a storage did not do what it was asked for.
public struct StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of error it is. A struct with static members: kinds may be added.
    public struct Kind: Sendable, Hashable {
        let name: String

        /// A name that leads out of the storage, or is none.
        public static let unsafeName = Kind(name: "unsafe name")
        /// There is no such file.
        public static let notFound = Kind(name: "not found")
        /// No name is free that is short enough.
        public static let noFreeName = Kind(name: "no free name")
        /// The task has no storage of that name, or the storage has no address.
        public static let notConfigured = Kind(name: "not configured")
        /// The system refused.
        public static let failed = Kind(name: "failed")
    }

    /// The kind.
    public let kind: Kind

    /// What happened, and what to do.
    public let description: String

    /// Makes an error.
    public init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    static func unsafe(_ name: String) -> StorageError {
        StorageError(
            .unsafeName,
            "'\(name.prefix(100))' is no name of a stored file. A name is relative, with '/' between its parts, none of "
                + "which is empty or begins with a dot.")
    }

    static func notFound(_ name: String) -> StorageError {
        StorageError(.notFound, "There is no file '\(name)' in the storage.")
    }
}
