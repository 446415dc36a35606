public import FoundationEssentials
public import MartletORM

/// A session in the database, in the table that Django's `django.contrib.sessions` has.
///
/// ```swift
/// let ended = try await Session.objects.filter { $0.expireDate < .now }.count()
/// ```
///
/// The class by which views use sessions is ``RequestSession``.
public struct Session: Model {
    /// The key, which is the cookie's value.
    public var id = ""
    /// The values, signed; ``RequestSession`` reads and writes them.
    public var sessionData = ""
    /// When the session ends.
    public var expireDate = Date(timeIntervalSince1970: 0)

    /// Makes an empty session.
    public init() {}

    /// `sessions`, as in Django.
    public static let appLabel = "sessions"

    /// `django_session`.
    public static let table = Table<Session>(
        .char(\.id, maxLength: 40, primaryKey: true, column: "session_key"),
        .text(\.sessionData),
        .dateTime(\.expireDate, index: true),
        name: "django_session"
    )
}
