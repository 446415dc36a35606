import Glibc
import MartletMigrations
import MartletORM
import MartletRouting
import MartletSite

/// A process that migrates the database of `DATABASE_URL`; every event is a line on standard output.
enum MigrationUnderTest {
    private static let migrations = Migrations(
        app: "shop",
        [
            Migration("0001_initial") {
                CreateModel(
                    "Item", fields: [.init("id", .auto, primaryKey: true), .init("name", .char(maxLength: 50))])
            },
            Migration("0002_rows", dependencies: ["shop.0001_initial"]) {
                RunSQL("INSERT INTO shop_item (name) VALUES ('one')", reverse: .nothing)
            },
            Migration("0003_index", dependencies: ["shop.0002_rows"], atomic: false) {
                AddIndexConcurrently("Item", .init(name: "item_name", fields: ["name"]))
                RunSQL("INSERT INTO shop_item (name) VALUES ('two')", reverse: .nothing)
            },
        ])

    static func run() async throws {
        let site = Site(
            apps: [App("shop", migrations: migrations)], urls: URLs {}, middleware: { _ in [] }, folder: "/nonexistent")
        let running = try RunningSite(site, settings: Settings(Environment()))
        do {
            try await running.migrationExecutor().migrate { event in say(event) }
        } catch {
            print("failed: \(error)")
            exit(1)
        }
        await running.close()
    }

    @Sendable private static func say(_ event: MigrationEvent) {
        switch event {
        case .waiting: write("waiting\n")
        case .began(let step): write("\(step)\n")
        case .working, .ended: break
        }
    }

    private static func write(_ line: String) {
        _ = Glibc.write(STDOUT_FILENO, line, line.utf8.count)
    }
}
