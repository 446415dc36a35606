internal import Glibc
internal import Synchronization

/// Which events are told, and where they go.
public struct LogSettings: Sendable {
    /// The least level of each logger.
    public let levels: LogLevels

    /// Where events go.
    public let sink: any LogSink

    /// The time in microseconds since 1970-01-01 UTC.
    let clock: @Sendable () -> Int

    let gate: LogGate

    /// Makes settings.
    ///
    /// - Parameters:
    ///   - levels: The least level of each logger.
    ///   - sink: Where events go.
    ///   - clock: The time in microseconds since 1970-01-01 UTC; the system's unless told.
    public init(
        levels: LogLevels = LogLevels(), sink: any LogSink, clock: @escaping @Sendable () -> Int = LogSettings.now
    ) {
        self.levels = levels
        self.sink = sink
        self.clock = clock
        gate = LogGate(minimum: levels.lowest)
        LogFloor.include(levels)
    }

    private init(_ other: LogSettings, sink: any LogSink) {
        levels = other.levels
        self.sink = sink
        clock = other.clock
        gate = other.gate
    }

    /// The same settings with another sink; what loggers remember of them stays true.
    func sending(to sink: any LogSink) -> LogSettings { LogSettings(self, sink: sink) }

    /// The system's time in microseconds since 1970-01-01 UTC.
    public static let now: @Sendable () -> Int = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1_000
    }

    /// What counts where nothing else was said: `info` and above, on standard error.
    public static let standard = LogSettings(sink: StreamSink.standardError())
}

/// As much of the settings as an event that is not told needs, without a reference to count.
@usableFromInline
struct LogGate: Sendable {
    @usableFromInline static let identityMask: UInt64 = 1 << 56 - 1

    /// Tells one settings value from all others of this process; never 0.
    @usableFromInline let identity: UInt64

    /// The least level that any logger tells.
    @usableFromInline let minimum: UInt8

    /// Only ever counts up, so that two settings never share an identity.
    private static let identities = Atomic<UInt64>(0)

    init(minimum: LogLevel) {
        identity = Self.identities.add(1, ordering: .relaxed).newValue & Self.identityMask
        self.minimum = minimum.rawValue
    }

    /// The gate of the settings of this task.
    @TaskLocal @usableFromInline static var current = LogSettings.standard.gate
}
