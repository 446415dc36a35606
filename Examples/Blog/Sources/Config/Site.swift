import Accounts
import Blog
public import Martlet

/// The whole site: its apps, its addresses, and where its templates and static files lie.
public let site = Site(
    apps: [sessionsApp, accountsApp, blogApp],
    urls: siteURLs,
    settings: makeSettings,
    templates: ["Templates"],
    staticFiles: ["Static"],
    services: services
)

private let siteURLs = URLs {
    include("", healthURLs)
    include("", metricsURLs)
    include("", blogURLs)
}
