import MartletSessions

/// The app with the table of sessions, for a site that keeps them in its database.
///
/// ```swift
/// public let site = Site(apps: [sessionsApp, accountsApp, blogApp], urls: siteURLs)
/// ```
///
/// Label, table and migration are those of Django's `django.contrib.sessions`.
public let sessionsApp = App("sessions", models: [Session.self], migrations: sessionsMigrations, hasConventions: false)
