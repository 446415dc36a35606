import Martlet

let blogMigrations = Migrations(
    app: "blog",
    [
        .blog0001Initial,
        .blog0002Timestamps,
    ])
