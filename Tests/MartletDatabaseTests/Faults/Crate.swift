import FoundationEssentials
import MartletORM

/// Something that takes room, with a number of its own that is not negative; its key is made here.
struct Crate: Model {
    var id = UUID.v7()
    var number = 0
    var body = ""

    static let appLabel = "store"
    static let table = Table<Crate>(.uuid(\.id, primaryKey: true), .integer(\.number), .text(\.body))

    static let registry = ModelRegistry([Crate.self, Carton.self])

    static let tables = [
        """
        CREATE TABLE "store_crate" ("id" char(32) NOT NULL PRIMARY KEY,
        "number" integer NOT NULL UNIQUE CHECK ("number" >= 0), "body" text NOT NULL)
        """,
        """
        CREATE TABLE "store_carton" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
        "number" integer NOT NULL UNIQUE CHECK ("number" >= 0), "body" text NOT NULL)
        """,
    ]
}

/// The same with a key that the database makes.
struct Carton: Model {
    var id = 0
    var number = 0
    var body = ""

    static let appLabel = "store"
    static let table = Table<Carton>(.auto(\.id), .integer(\.number), .text(\.body))
}
