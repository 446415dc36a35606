public import FoundationEssentials

/// What tells one version of a representation from the next: for `ETag` and `Last-Modified`, and for the conditions that
/// clients send back.
public struct Validators: Sendable, Hashable {
    /// The entity tag, where there is one.
    public var eTag: EntityTag?

    /// When the representation was last changed, where that is known; fractions of a second do not count.
    public var lastModified: Date?

    /// Makes validators.
    public init(eTag: EntityTag? = nil, lastModified: Date? = nil) {
        self.eTag = eTag
        self.lastModified = lastModified
    }

    fileprivate var modifiedSecond: Double? { lastModified?.timeIntervalSince1970.rounded(.down) }
}

/// What the conditions of a request say about answering it.
public enum PreconditionOutcome: Sendable, Hashable {
    /// Answer as if there were no condition.
    case met
    /// The client has the current version: answer 304, without content.
    case notModified
    /// The client counts on another version: answer 412, and change nothing.
    case failed
}

extension Request {
    /// Compares the conditions of this request with what is current, in the order that the RFC asks for: `If-Match`, else
    /// `If-Unmodified-Since`; then `If-None-Match`, else `If-Modified-Since`.
    ///
    /// ```swift
    /// switch request.preconditionOutcome(for: Validators(eTag: EntityTag(opaque: post.revision))) {
    /// case .met: …
    /// case .notModified: return Response(status: .notModified)
    /// case .failed: throw HTTPError(.preconditionFailed)
    /// }
    /// ```
    ///
    /// Ask only when the answer would be a success otherwise (RFC 9110 §13.2.1).
    ///
    /// - Parameter current: The validators of what the request would read or change; `nil` when it does not exist yet.
    ///
    /// Source: [RFC 9110 §13.2.2](https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2).
    public func preconditionOutcome(for current: Validators?) -> PreconditionOutcome {
        guard method != .options, method != .trace, method != .connect else { return .met }
        let isReading = method == .get || method == .head
        if headers.contains(.ifMatch) {
            guard holdsIfMatch(current) else { return .failed }
        } else if !holdsIfUnmodifiedSince(current) {
            return .failed
        }
        if headers.contains(.ifNoneMatch) {
            if !holdsIfNoneMatch(current) { return isReading ? .notModified : .failed }
        } else if isReading, !holdsIfModifiedSince(current) {
            return .notModified
        }
        return .met
    }

    /// Whether a `Range` of this request may be answered with a part: without `If-Range`, or when the version it names is
    /// the current one. Otherwise the whole is to be sent.
    ///
    /// Source: [RFC 9110 §13.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5).
    public func allowsParts(of current: Validators) -> Bool {
        let fields = headers.values(.ifRange)
        guard let field = fields.first else { return true }
        guard fields.count == 1 else { return false }
        if let tag = EntityTag(field.trimmingBlanks()) {
            return current.eTag.map { $0.isStronglyEqual(to: tag) } ?? false
        }
        // Equal, not just later: a client that has another version must not put two of them together.
        guard let date = Date(httpDate: field), let modified = current.modifiedSecond else { return false }
        return date.timeIntervalSince1970 == modified
    }

    private func holdsIfMatch(_ current: Validators?) -> Bool {
        guard let current else { return false }
        return EntityTag.any(in: headers.values(.ifMatch)) { tag in
            current.eTag.map { $0.isStronglyEqual(to: tag) } ?? false
        }
    }

    private func holdsIfUnmodifiedSince(_ current: Validators?) -> Bool {
        // A date that is none, or nothing to compare it with, is no condition (§13.1.4).
        guard let date = onlyDate(.ifUnmodifiedSince), let modified = current?.modifiedSecond else { return true }
        return modified <= date.timeIntervalSince1970
    }

    private func holdsIfNoneMatch(_ current: Validators?) -> Bool {
        guard let current else { return true }
        return !EntityTag.any(in: headers.values(.ifNoneMatch)) { tag in
            current.eTag.map { $0.isWeaklyEqual(to: tag) } ?? false
        }
    }

    private func holdsIfModifiedSince(_ current: Validators?) -> Bool {
        guard let date = onlyDate(.ifModifiedSince), let modified = current?.modifiedSecond else { return true }
        return modified > date.timeIntervalSince1970
    }

    private func onlyDate(_ name: HeaderName) -> Date? {
        guard headers.contains(name) else { return nil }
        let fields = headers.values(name)
        return fields.count == 1 ? Date(httpDate: fields[0]) : nil
    }
}
