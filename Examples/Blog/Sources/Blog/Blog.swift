public import Martlet

/// Posts, their tags and what readers say about them.
public let blogApp = App("blog", models: [Tag.self, Post.self, Comment.self], migrations: blogMigrations)
