/// What is wrong with migrations, or went wrong with one.
public struct MigrationError: Error, Sendable, CustomStringConvertible {
    /// What kind of problem it is. A struct with static members: kinds may be added.
    public struct Kind: Sendable, Hashable {
        let name: String

        /// Two migrations, or two indexes, have one name.
        public static let duplicate = Kind(name: "duplicate")
        /// A dependency, a target or an app does not exist.
        public static let unknown = Kind(name: "unknown")
        /// Migrations depend on each other in a circle.
        public static let cycle = Kind(name: "cycle")
        /// An app has more than one last migration.
        public static let conflict = Kind(name: "conflict")
        /// An operation does not fit the models that the migrations before it describe.
        public static let state = Kind(name: "state")
        /// Existing rows need a value that nobody has given.
        public static let defaultNeeded = Kind(name: "defaultNeeded")
        /// Something may have been renamed, and nobody has said so.
        public static let renameUnclear = Kind(name: "renameUnclear")
        /// The history table does not fit the migrations.
        public static let history = Kind(name: "history")
        /// An operation cannot be undone.
        public static let irreversible = Kind(name: "irreversible")
        /// The database refused an operation.
        public static let failed = Kind(name: "failed")
        /// Another process migrates the database.
        public static let locked = Kind(name: "locked")
        /// A file could not be read or written.
        public static let file = Kind(name: "file")
    }

    /// The kind.
    public let kind: Kind

    /// What happened.
    public let problem: String

    /// What to do about it.
    public let remedy: String

    /// The error underneath, if there is one.
    public let underlying: (any Error)?

    init(_ kind: Kind, _ problem: String, _ remedy: String, underlying: (any Error)? = nil) {
        self.kind = kind
        self.problem = problem
        self.remedy = remedy
        self.underlying = underlying
    }

    /// What happened, and what to do about it; with the error underneath, each on a line of its own.
    public var description: String {
        underlying.map { "\(problem)\n\($0)\n\(remedy)" } ?? "\(problem) \(remedy)"
    }
}
