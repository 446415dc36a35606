import Martlet

extension Migration {
    static let blog0001Initial = Migration("0001_initial", dependencies: ["accounts.0001_initial"]) {
        CreateModel(
            "Tag",
            fields: [
                .init("id", .uuid, primaryKey: true),
                .init("name", .char(maxLength: 50), unique: true),
                .init("slug", .slug(maxLength: 50), unique: true),
            ])
        CreateModel(
            "Post",
            fields: [
                .init("id", .uuid, primaryKey: true),
                .init("slug", .slug(maxLength: 100), unique: true),
                .init("title", .char(maxLength: 200)),
                .init("body", .text),
                .init("status", .choices(["draft", "published"], maxLength: 20)),
                .init("author", .foreignKey(to: "accounts.User", onDelete: .cascade), index: true),
                .init("tags", .manyToMany(to: "blog.Tag")),
                .init("published_on", .dateTime, null: true),
                .init("created_at", .dateTime),
                .init("updated_at", .dateTime),
            ],
            indexes: [
                .init(name: "blog_post_status_f9588b_idx", fields: ["status", "published_on"])
            ])
        CreateModel(
            "Comment",
            fields: [
                .init("id", .uuid, primaryKey: true),
                .init("post", .foreignKey(to: "blog.Post", onDelete: .cascade), index: true),
                .init("name", .char(maxLength: 80)),
                .init("body", .text),
                .init("created_at", .dateTime),
            ])
    }
}
