import Foundation
import MartletJSON
import MartletORM
import MartletSite
import MartletValues
import TestPrograms
import Testing

@testable import InspectedModels

/// The models that `inspectdb` writes for a real Django project's database in PostgreSQL: the target `InspectedModels`
/// is what it has written, compiled as it stands.
@Suite struct InspectPostgreSQLTests {
    private static let models: [any Model.Type] = [
        InspectedModels.AuthGroup.self, InspectedModels.AuthGroupPermissions.self, InspectedModels.AuthPermission.self,
        InspectedModels.AuthUser.self, InspectedModels.AuthUserGroups.self,
        InspectedModels.AuthUserUserPermissions.self, DjangoAdminLog.self, InspectedModels.DjangoContentType.self,
        InspectedModels.DjangoMigrations.self, InspectedModels.DjangoSession.self, VaultCity.self,
        InspectedModels.VaultKeyword.self, VaultLoan.self, VaultPlace.self, InspectedModels.VaultRecord.self,
        InspectedModels.VaultRecordKeywords.self, VaultShelf.self,
    ]

    private static let written = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../InspectedModels/InspectedModels.swift").standardized

    @Test func `the models of a Django project in PostgreSQL compile, and read every row as Django does`() async throws
    {
        let url = try await CommandDatabase.freshPostgreSQL()
        try await DjangoProject.withPostgreSQL(url) { project in
            let told = try await project.run(
                DjangoProject.rows + DjangoProject.postgreSQLRows + DjangoProject.printingRows)
            let place = try CommandSite(databaseURL: url)
            var site = place.site
            site.apps = [App("legacy", models: Self.models)]
            let result = await place.manage(["inspectdb"], of: site)
            #expect(result.errors == "")
            let text = FileManager.default.contents(atPath: Self.written.path).map {
                String(decoding: $0, as: UTF8.self)
            }
            if text != result.output, let path = ProcessInfo.processInfo.environment["MARTLET_WRITE_INSPECTED"] {
                try Data(result.output.utf8).write(to: URL(fileURLWithPath: path))
            }
            #expect(text == result.output, "what is compiled is what the command writes")
            try await compare(try JSON.parse(told), place)
        }
    }

    /// Reads every row by its model, and finds in it what Django has found.
    private func compare(_ told: JSONValue, _ place: CommandSite) async throws {
        let tables = try #require(told.objectValue)
        // No field stores these: the file says so, and reads the rest.
        let unread = ["vault_shelf": ["cost", "found", "labels", "prices"]]
        var names: Set<String> = ["vault_seat"]
        var count = 0
        for model in Self.models {
            let found = try await place.use { try await FoundRows(model) }
            names.insert(found.table)
            var expected: [String: [String: JSONValue]] = [:]
            for row in try #require(told[found.table]?.arrayValue) {
                var columns: [String: JSONValue] = [:]
                for (name, value) in try #require(row.objectValue) { columns[name] = value }
                for name in unread[found.table] ?? [] { #expect(columns.removeValue(forKey: name) != nil) }
                expected["\(columns[found.key] ?? .null)"] = columns
            }
            #expect(found.rows.count == expected.count && !found.rows.isEmpty, "\(found.table)")
            for row in found.rows {
                let columns = try #require(expected["\(row[found.key] ?? .null)"], "\(found.table) \(row)")
                #expect(Set(row.keys) == Set(columns.keys), "\(found.table)")
                for (name, value) in row { #expect(value == columns[name], "\(found.table).\(name)") }
                count += row.count
            }
        }
        #expect(names == Set(tables.names), "every table of Django's but that with two columns as its key")
        #expect(count > 300)
    }
}

/// The rows of a table as its model reads them, by column, in the forms that `DjangoProject.printingRows` prints.
private struct FoundRows: Sendable {
    let table: String
    let key: String
    let rows: [[String: JSONValue]]

    init<M: Model>(_ model: M.Type) async throws {
        let columns = M.anyTable.columns
        table = M.anyTable.name
        key = M.anyTable.primaryKey.column
        rows = try await M.objects.all().map { row in
            var found: [String: JSONValue] = [:]
            for (column, value) in zip(columns, row.columnValues) { found[column.column] = try Self.plain(value) }
            return found
        }
    }

    private static func plain(_ value: SQLValue) throws -> JSONValue {
        switch value {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let number): .int(Int(number))
        case .real(let number): .double(number)
        case .decimal(let number): .string("\(number)")
        case .text(let text): .string(text)
        case .bytes(let bytes): .string(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        case .uuid(let uuid): .string(uuid.uuidString.lowercased())
        case .dateTime(let moment): .string(DateTimeText.string(from: moment) + "+00")
        case .date(let day): .string("\(day)")
        case .time(let time): .string("\(time)")
        case .duration(let length): ["microseconds": .int(Int(try #require(length.wholeMicroseconds)))]
        case .json(let text): ["json": try JSON.parse(text)]
        }
    }
}
