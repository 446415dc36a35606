import MartletMigrations
import MartletORM
import MartletSQLite
import Testing

/// Links that are rows of a model: the field has no table, and follows when the model is renamed.
struct ThroughModelTests {
    private static let schemas = [
        ModelSchema(
            name: "club.Team",
            fields: [
                .init("id", .auto, primaryKey: true),
                .init("members", .manyToManyThrough(to: "club.Member", through: "club.Seat")),
            ]),
        ModelSchema(name: "club.Member", fields: [.init("id", .auto, primaryKey: true)]),
        ModelSchema(
            name: "club.Seat",
            fields: [
                .init("id", .auto, primaryKey: true),
                .init("team", .foreignKey(to: "club.Team", onDelete: .restrict), index: true),
                .init("member", .foreignKey(to: "club.Member", onDelete: .setDefault), index: true),
            ]),
    ]

    private func draft() async throws -> MigrationDraft {
        let graph = try MigrationGraph([Migrations(app: "club", [])])
        return try #require(try await MigrationAutodetector(graph, schemas: Self.schemas).changes().first)
    }

    @Test func `the field and the rules of a delete are written`() async throws {
        let source = try MigrationWriter().source(of: try await draft())
        #expect(
            source.contains(#".init("members", .manyToManyThrough(to: "club.Member", through: "club.Seat"))"#))
        #expect(source.contains(#".foreignKey(to: "club.Team", onDelete: .restrict)"#))
        #expect(source.contains(#".foreignKey(to: "club.Member", onDelete: .setDefault)"#))
    }

    @Test func `only the models have tables`() async throws {
        let draft = try await draft()
        let graph = try MigrationGraph([Migrations(app: "club", [draft.migration])])
        let sql = try graph.sql(for: draft.name, dialect: SQLiteDialect())
        #expect(sql.contains("\"club_seat\""))
        #expect(!sql.contains("club_team_members"))
        // Nothing is missing afterwards.
        #expect(try await MigrationAutodetector(graph, schemas: Self.schemas).changes().isEmpty)
    }

    @Test func `a renamed model takes the relation along`() async throws {
        let draft = try await draft()
        let renamed = Migration("0002_rename", dependencies: ["club.0001_initial"]) {
            RenameModel("Seat", to: "Place")
            RenameModel("Member", to: "Person")
        }
        let graph = try MigrationGraph([Migrations(app: "club", [draft.migration, renamed])])
        let kind = try graph.state().model("club.Team")?.field("members")?.kind
        #expect(kind == .manyToManyThrough(to: "club.Person", through: "club.Place"))
    }
}
