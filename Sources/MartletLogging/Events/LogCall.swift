/// What `log.info` is, so that it can be called with names of the caller's choice.
///
/// Stored in its ``Logger`` and not made for each call, which would count a reference twice.
@dynamicCallable
@frozen
public struct LogCall: Sendable {
    @usableFromInline let identity: LoggerIdentity
    @usableFromInline let level: LogLevel

    @inlinable
    init(_ identity: LoggerIdentity, _ level: LogLevel) {
        self.identity = identity
        self.level = level
    }

    /// Tells an event: its name without a label, then values under labels.
    ///
    /// The level is looked at in the caller, and the arguments are lent and never kept: so the compiler puts them on the
    /// stack, and an event that is not told allocates nothing.
    @inlinable @inline(__always)
    public func dynamicallyCall(withKeywordArguments arguments: LogArguments) {
        if identity.isEnabled(level) {
            arguments.elements.withUnsafeBufferPointer { identity.emit(level, $0) }
        }
    }
}

/// The arguments of a log call as they stand there.
@frozen
public struct LogArguments: ExpressibleByDictionaryLiteral {
    @usableFromInline let elements: [(StaticString, any LogValue)]

    /// Takes labels and values; the label of an argument without one is empty.
    @inlinable @inline(__always)
    public init(dictionaryLiteral elements: (StaticString, any LogValue)...) { self.elements = elements }
}
