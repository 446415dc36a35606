package import MartletHTTP
import MartletORM

/// What is remembered of a request in debug mode, in case it fails: its statements, and where its errors come from.
package final class DebugRecording: Sendable {
    /// The recording of the current task's request.
    @TaskLocal package static var current: DebugRecording?

    let statements = StatementLog()
    let recorder = ThrowRecorder()

    private init() {}

    /// Records each request of a handler. Only for debug mode: every error that is thrown costs half a millisecond.
    package static func recording(_ handler: @escaping Handler) -> Handler {
        ThrowRecorder.install()
        return { request in
            let recording = DebugRecording()
            return try await DebugRecording.$current.withValue(recording) {
                try await ThrowRecorder.$current.withValue(recording.recorder) {
                    try await recording.statements.observing { try await handler(request) }
                }
            }
        }
    }
}
