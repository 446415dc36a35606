/// What a site does when it begins to serve, and when it ends.
struct LifecycleStep: Sendable {
    let start: (@Sendable (RunningSite) async throws -> Void)?
    let stop: (@Sendable (RunningSite) async throws -> Void)?
    /// Where it is declared: `Config/Site.swift:12`.
    let place: String
}

extension Site {
    /// Does something before the site begins to serve.
    ///
    /// ```swift
    /// public let site = Site(apps: [blogApp], urls: siteURLs)
    ///     .onStart { site in try await loadCountries(into: site.cache) }
    ///     .onStop { _ in await mailer.close() }
    /// ```
    ///
    /// Operations run in the order of their declaration, with the site bound to the task. When one throws, the site does
    /// not serve: what was started is stopped, and ``LifecycleError`` says where.
    ///
    /// They run in each process that serves, also in one that takes over (SIGHUP), before it listens; in a test's site
    /// when it is made; and not for other commands of `manage`.
    public func onStart(
        file: String = #fileID, line: Int = #line,
        _ operation: @escaping @Sendable (RunningSite) async throws -> Void
    ) -> Site {
        adding(LifecycleStep(start: operation, stop: nil, place: "\(file):\(line)"))
    }

    /// Does something when the site has answered its last request and done what was to be done after responses.
    ///
    /// Operations run in the reverse order of their declaration, each for at most `SERVER_SHUTDOWN_GRACE`; an error is
    /// logged as `site_stop_failed`, and the next one runs. Of a site that could not start, those run that stand before
    /// what failed.
    public func onStop(
        file: String = #fileID, line: Int = #line,
        _ operation: @escaping @Sendable (RunningSite) async throws -> Void
    ) -> Site {
        adding(LifecycleStep(start: nil, stop: operation, place: "\(file):\(line)"))
    }

    private func adding(_ step: LifecycleStep) -> Site {
        var site = self
        site.lifecycle.append(step)
        return site
    }
}

/// Why a site did not start.
public struct LifecycleError: Error, Sendable, CustomStringConvertible {
    /// Where the operation that failed is declared: `Config/Site.swift:12`.
    public let place: String
    /// What it threw.
    public let cause: any Error

    /// What happened, and where to look.
    public var description: String {
        "The site does not serve, since the `onStart` at \(place) failed: \(cause)"
    }
}
