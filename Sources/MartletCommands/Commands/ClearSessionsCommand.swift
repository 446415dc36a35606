import MartletSessions
import MartletSite

/// Removes the sessions that have ended.
struct ClearSessionsCommand: Command {
    let name = "clearsessions"
    let summary = "Removes the sessions that have ended; to be run once a day."

    func run(_ context: CommandContext) async throws {
        try await context.withSite { running in
            guard let store = try running.site.sessions(running.settings)?.store else {
                throw CommandError("The site has no Sessions layer in its middleware.")
            }
            guard let count = try await store.clearExpired() else {
                context.note("There is nothing to clear: sessions of this engine go by themselves.")
                return
            }
            context.note("Removed \(count) ended session\(count == 1 ? "" : "s").")
        }
    }
}
