public import FoundationEssentials
public import Martlet

/// Somebody who writes posts.
public struct User: Model {
    public var id = UUID.v7()
    public var username = ""
    public var name = ""
    public var bio = ""
    public var email = ""
    public var isActive = true
    public var createdAt = Date.now
    public var updatedAt = Date.now

    public init() {}

    public init(username: String, name: String) {
        self.username = username
        self.name = name
    }

    public var templateText: String { name }

    public static let table = Table<User>(
        .uuid(\.id, primaryKey: true),
        .slug(\.username, unique: true),
        .char(\.name, maxLength: 100),
        .text(\.bio),
        .email(\.email),
        .bool(\.isActive),
        .dateTime(\.createdAt, autoNowAdd: true),
        .dateTime(\.updatedAt, autoNow: true)
    )
}
