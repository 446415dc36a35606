/// Takes the errors of a site to where somebody sees them: a mailbox, an error tracker.
///
/// ```swift
/// struct Pager: ErrorReporter {
///     func capture(_ error: any Error, _ context: ErrorContext) async {
///         await page("\(context.route ?? "-"): \(error)")
///     }
/// }
///
/// let site = Site(apps: apps, urls: siteURLs, reporters: { _ in [Pager()] })
/// ```
///
/// A report begins when the answer is decided and never delays it. The reports of one reporter come one after the other;
/// when more than a hundred wait, further ones are dropped, and the log says how many. At shutdown those that wait are
/// still told, for a few seconds.
public protocol ErrorReporter: Sendable {
    /// Tells one error. What goes wrong on the way is the reporter's own to log.
    func capture(_ error: any Error, _ context: ErrorContext) async
}
