public import MartletORM

/// What there is to tell while migrations run.
public enum MigrationEvent: Sendable, Hashable {
    /// Another process migrates the database; this one goes on when that one is done.
    case waiting
    /// A migration begins.
    case began(MigrationStep)
    /// The code of a ``RunSwift`` has gone through so many of a model's rows; told of more rows than one batch has.
    case working(MigrationStep, ModelName, done: Int, total: Int)
    /// A migration is done.
    case ended(MigrationStep, Outcome)

    /// How a migration ended.
    public enum Outcome: Sendable, Hashable {
        /// Its operations were run, and the history says so.
        case done(Duration)
        /// Only the history was written.
        case faked
    }
}

/// How migrations are run.
public struct MigrationOptions: Sendable, Hashable {
    /// Write the history only, for a database whose tables are there already.
    public var isFake = false
    /// Write the history only for an app's first migration all of whose tables and columns are there already.
    public var fakesInitial = false
    /// How long to wait for another process that migrates.
    public var lockTimeout = Duration.seconds(600)

    /// Makes options; unless told, everything is run.
    public init(fake: Bool = false, fakeInitial: Bool = false, lockTimeout: Duration = .seconds(600)) {
        isFake = fake
        fakesInitial = fakeInitial
        self.lockTimeout = lockTimeout
    }
}
