public import Synchronization

/// Tells what happens in one part of a program.
///
/// ```swift
/// let log = Logger("blog.views")
///
/// log.info("post_published", post_id: post.id, words: 812)
/// // 2026-01-01T12:00:00.000000Z [info] post_published [blog.views] post_id=7 words=812
/// ```
///
/// Where events go and which are told is ambient: ``with(_:operation:)``. Values under names that look secret are
/// redacted.
@frozen
public struct Logger: Sendable {
    @usableFromInline let identity: LoggerIdentity

    /// Tells an event for whoever follows the program step by step.
    public let debug: LogCall

    /// Tells an event of the normal course.
    public let info: LogCall

    /// Tells something that went on, but should not go on like this.
    public let warning: LogCall

    /// Tells something that failed.
    public let error: LogCall

    /// Tells of a danger for the program as a whole.
    public let critical: LogCall

    /// Makes a logger.
    ///
    /// - Parameter name: The part of the program, with dots: `blog.views`. Levels are set by its beginning.
    public init(_ name: String) {
        identity = LoggerIdentity(name)
        debug = LogCall(identity, .debug)
        info = LogCall(identity, .info)
        warning = LogCall(identity, .warning)
        error = LogCall(identity, .error)
        critical = LogCall(identity, .critical)
    }

    /// The name.
    public var name: String { identity.name }

    /// Whether events of a level are told; for values that cost something to find out.
    @inlinable public func isEnabled(_ level: LogLevel) -> Bool { identity.isEnabled(level) }

    /// Tells events of a level; `nil` when they are not told.
    ///
    /// Behind `?` the values are worked out only for an event that is told. One that is not costs some nanoseconds, as
    /// often as it comes; a call without it makes a list of its values first.
    ///
    /// ```swift
    /// log[.debug]?("rows_read", rows: rows.count, first: rows.first.map(describe))
    /// ```
    @inlinable public subscript(level: LogLevel) -> LogCall? {
        identity.isEnabled(level) ? LogCall(identity, level) : nil
    }

    /// Tells an event whose level and values are known only when the program runs.
    ///
    /// - Parameters:
    ///   - level: How much it matters.
    ///   - name: What happened.
    ///   - fields: The values.
    public func log(_ level: LogLevel, _ name: String, _ fields: [LogField]) {
        guard isEnabled(level) else { return }
        identity.emit(level, name, fields)
    }
}

/// The name of a logger, with the level that was last worked out for it.
@usableFromInline
final class LoggerIdentity: Sendable {
    let name: String

    /// The identity of the settings last seen, and above it in the high byte the level they give this logger. Only a
    /// memory of what ``LogSettings`` say: a wrong guess costs a look-up.
    private let resolved = Atomic<UInt64>(0)

    /// The least level that any settings of the process tell of this logger, and above its byte the generation of
    /// ``LogFloor`` that it was worked out for; generation 0 has no settings.
    @usableFromInline let floor = Atomic<Int>(0)

    init(_ name: String) { self.name = name }

    @inlinable @inline(__always)
    func isEnabled(_ level: LogLevel) -> Bool {
        let floor = floor.load(ordering: .relaxed)
        if floor >> 8 == LogFloor.generation.load(ordering: .relaxed), Int(level.rawValue) < floor & 0xFF {
            return false
        }
        return isEnabledHere(level)
    }

    /// Whether the settings of this task tell it.
    @usableFromInline
    func isEnabledHere(_ level: LogLevel) -> Bool {
        let gate = LogGate.current
        let isEnabled = level.rawValue >= gate.minimum && isEnabled(level, gate)
        if !isEnabled, floor.load(ordering: .relaxed) >> 8 != LogFloor.generation.load(ordering: .relaxed) {
            let (generation, lowest) = LogFloor.lowest(for: name)
            floor.store(generation << 8 | Int(lowest), ordering: .relaxed)
        }
        return isEnabled
    }

    @usableFromInline
    func isEnabled(_ level: LogLevel, _ gate: LogGate) -> Bool {
        var known = resolved.load(ordering: .relaxed)
        if known & LogGate.identityMask != gate.identity {
            let settings = LogScope.current.settings
            known = UInt64(settings.levels.level(for: name).rawValue) << 56 | settings.gate.identity
            resolved.store(known, ordering: .relaxed)
        }
        return level.rawValue >= UInt8(known >> 56)
    }

    @usableFromInline
    func emit(_ level: LogLevel, _ arguments: UnsafeBufferPointer<(StaticString, any LogValue)>) {
        var name = "unnamed"
        var fields: [LogField] = []
        fields.reserveCapacity(arguments.count)
        for (place, (label, value)) in arguments.enumerated() {
            if place == 0, label.utf8CodeUnitCount == 0 {
                if case .string(let text) = value.logDatum { name = text }
            } else {
                fields.set(LogField(label.utf8CodeUnitCount == 0 ? "\(place)" : "\(label)", value.logDatum))
            }
        }
        emit(level, name, fields)
    }

    func emit(_ level: LogLevel, _ name: String, _ fields: [LogField]) {
        let scope = LogScope.current
        scope.settings.sink.receive(
            LogEvent(
                microseconds: scope.settings.clock(), level: level, name: name, logger: self.name,
                fields: scope.whole.merged(with: fields)))
    }
}
