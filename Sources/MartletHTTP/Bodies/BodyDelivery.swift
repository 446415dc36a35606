import Synchronization

/// The body of one request on its way from the connection; shared by all copies of the request, so that it is clear
/// for each of them what has been read.
final class BodyDelivery: Sendable {
    private enum Phase {
        case unread
        case begun
        case ended
    }

    private struct State {
        var phase = Phase.unread
        var count = 0
        /// The whole body, once somebody has collected it: it can be had again.
        var bytes: [UInt8]?
        /// What the body was as a form.
        var form: FormFields?
    }

    private let source: any RequestBody.Source

    /// Changed by whoever reads; held only to look or to note.
    private let state = Mutex(State())

    init(_ source: any RequestBody.Source) {
        self.source = source
    }

    /// The next chunk; `nil` at the end.
    ///
    /// - Parameter isFirst: Whether the reader begins with it: one that comes too late gets an error, and not nothing.
    /// - Throws: ``HTTPError`` 413 beyond the limit; ``RequestBodyError/alreadyRead``.
    func next(_ rules: BodyRules, isFirst: Bool) async throws -> [UInt8]? {
        if isFirst, let bytes = try begin() { return bytes.isEmpty ? nil : bytes }
        return try await receive(rules)
    }

    /// Notes that somebody begins to read, or goes on where another stopped.
    ///
    /// - Returns: The body, when it has been collected.
    private func begin() throws(RequestBodyError) -> [UInt8]? {
        try state.withLock { (state) throws(RequestBodyError) in
            if let bytes = state.bytes { return bytes }
            guard state.phase != .ended else { throw .alreadyRead }
            state.phase = .begun
            return nil
        }
    }

    private func receive(_ rules: BodyRules) async throws -> [UInt8]? {
        guard let chunk = try await source.next() else {
            state.withLock { $0.phase = .ended }
            return nil
        }
        let count = state.withLock { state in
            state.count += chunk.count
            return state.count
        }
        guard count <= rules.limits.bodyBytes else { throw rules.bodyTooLarge }
        return chunk
    }

    /// The whole body; asked for again, the same bytes.
    ///
    /// - Parameter limit: The most bytes; never more than the rules allow for any body.
    func collect(upTo limit: Int, _ rules: BodyRules) async throws -> [UInt8] {
        let known = try state.withLock { (state) throws(RequestBodyError) in
            if let bytes = state.bytes { return bytes as [UInt8]? }
            guard state.phase == .unread else { throw .alreadyRead }
            state.phase = .begun
            return nil
        }
        if let known {
            guard known.count <= limit else { throw rules.collectionTooLarge(limit) }
            return known
        }
        var collected: [UInt8] = []
        while let chunk = try await receive(rules) {
            guard collected.count + chunk.count <= limit else { throw rules.collectionTooLarge(limit) }
            if collected.isEmpty { collected = chunk } else { collected += chunk }
        }
        let bytes = collected
        state.withLock { $0.bytes = bytes }
        return bytes
    }

    /// The whole body, if somebody has collected it.
    var collected: [UInt8]? { state.withLock { $0.bytes } }

    /// The body as a form, kept for whoever asks for it again.
    var form: FormFields? {
        get { state.withLock { $0.form } }
        set { state.withLock { $0.form = newValue } }
    }
}

/// Why a body cannot be read.
package enum RequestBodyError: Error, CustomStringConvertible {
    /// Somebody has read it, as a stream or as a form with files, which are not kept.
    case alreadyRead

    /// What happened, and what to do.
    package var description: String {
        "The request body has been read already, as a stream or as a multipart form. Read it in one place; "
            + "form() and collect() may be called again for what they have returned. CSRFProtection reads the form of a "
            + "POST without an X-CSRFToken header, unless its route is csrfExempt()."
    }
}
