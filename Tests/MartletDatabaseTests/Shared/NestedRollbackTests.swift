import MartletORM
import Testing

/// A nested transaction that has failed, while its rollback is under way.
@Suite(.library) struct NestedRollbackTests {
    private struct Stop: Error {}

    private func add(_ name: String) async throws {
        try await Person.objects.create(Person(name: name))
    }

    @Test func `no other task begins a nested transaction before the one that has failed is undone`() async throws {
        let current = try Database.current
        let backend = HeldBackend(current.backend)
        try await Database(backend, models: current.models).use {
            try await transaction {
                let first = Task {
                    try await transaction {
                        try await add("first")
                        throw Stop()
                    }
                }
                await backend.hasArrived.pass()
                // Its savepoint would have the same name, and the rollback would undo this one.
                let error = await #expect(throws: ORMError.self) { try await transaction { try await add("second") } }
                #expect(error?.description.hasPrefix("Two tasks have a nested transaction open") == true)
                backend.mayGo.open()
                await #expect(throws: Stop.self) { try await first.value }
                try await transaction { try await add("third") }
            }
        }
        #expect(try await Person.objects.all().map(\.name) == ["third"])
    }
}

/// A database at which rollbacks to a savepoint wait until a test lets them go.
private struct HeldBackend: DatabaseBackend {
    let hasArrived = Gate()
    let mayGo = Gate()
    private let backend: any DatabaseBackend

    init(_ backend: any DatabaseBackend) { self.backend = backend }

    var dialect: any SQLDialect { backend.dialect }
    var pools: [PoolReport] { backend.pools }

    func lease(_ access: DatabaseAccess) async throws -> any DatabaseConnection {
        HeldConnection(try await backend.lease(access), hasArrived, mayGo)
    }

    func release(_ connection: any DatabaseConnection, _ access: DatabaseAccess) {
        backend.release((connection as? HeldConnection)?.connection ?? connection, access)
    }

    func close() async { await backend.close() }
}

private final class HeldConnection: DatabaseConnection {
    let connection: any DatabaseConnection
    private let hasArrived: Gate
    private let mayGo: Gate

    init(_ connection: any DatabaseConnection, _ hasArrived: Gate, _ mayGo: Gate) {
        (self.connection, self.hasArrived, self.mayGo) = (connection, hasArrived, mayGo)
    }

    var isUsable: Bool { connection.isUsable }
    var hasFailedTransaction: Bool { connection.hasFailedTransaction }

    func rows<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] { try await connection.rows(statement, decode: decode) }

    func execute(_ statement: Statement) async throws -> ExecutionResult {
        if statement.sql.hasPrefix("ROLLBACK TO") {
            hasArrived.open()
            await mayGo.pass()
        }
        return try await connection.execute(statement)
    }

    func cursor<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> any RowCursor<Value> { try await connection.cursor(statement, decode: decode) }
}
