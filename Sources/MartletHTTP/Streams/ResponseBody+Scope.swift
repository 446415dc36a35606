extension ResponseBody {
    /// Whether a closure makes the content, when the layers around the view have returned.
    package var runsLater: Bool {
        switch storage {
        case .stream, .upgrade: true
        default: false
        }
    }

    /// The same content, whose closure runs inside `scope`.
    ///
    /// Only for a body that ``runsLater``, when the layers around the view have returned: what they have bound to the task is bound anew, so
    /// that the closure sees what the view saw.
    package func running(
        in scope: @escaping @Sendable (_ operation: @Sendable () async throws -> Void) async throws -> Void
    ) -> ResponseBody {
        switch storage {
        case .stream(let length, let write):
            .stream(length: length) { writer in try await scope { try await write(writer) } }
        case .upgrade(let run):
            .upgrade { connection in try await scope { try await run(connection) } }
        default:
            self
        }
    }
}
