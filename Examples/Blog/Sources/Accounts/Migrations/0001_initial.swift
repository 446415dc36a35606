import Martlet

extension Migration {
    static let accounts0001Initial = Migration("0001_initial") {
        CreateModel(
            "User",
            fields: [
                .init("id", .uuid, primaryKey: true),
                .init("username", .slug(maxLength: 50), unique: true),
                .init("name", .char(maxLength: 100)),
                .init("bio", .text),
                .init("email", .email(maxLength: 254)),
                .init("is_active", .bool),
                .init("created_at", .dateTime),
                .init("updated_at", .dateTime),
            ])
    }
}
