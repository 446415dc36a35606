import Martlet

let accountsMigrations = Migrations(
    app: "accounts",
    [
        .accounts0001Initial
    ])
