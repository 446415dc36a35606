import CPostgreSQL
import Dispatch
import MartletIO
import MartletORM

extension PostgreSQLConnection {
    /// Opens a connection that is used on a worker.
    ///
    /// libpq looks up names, reads password and key files, and computes SCRAM's thousands of hashes while it connects.
    /// All of that would hold up a worker, so opening, which is rare, is done on a queue.
    ///
    /// - Throws: ``DatabaseError`` of kind `connection`.
    static func open(
        _ configuration: PostgreSQLConfiguration, _ catalog: ConstraintCatalog, on worker: Worker
    ) async throws -> PostgreSQLConnection {
        let opened = try await withCheckedThrowingContinuation { continuation in
            openings.async { continuation.resume(with: Result { try connect(configuration) }) }
        }
        let connection = PostgreSQLConnection(opened, configuration, catalog, worker: worker)
        try await connection.watch()
        return connection
    }

    private static let openings = DispatchQueue(label: "martlet.postgresql.connect", attributes: .concurrent)

    /// Connects, waiting; one statement sets the session up.
    static func connect(_ configuration: PostgreSQLConfiguration) throws -> Handle {
        try configuration.checkKeywords()
        let keywords = configuration.keywords
        let opened = withCStrings(keywords.map(\.0)) { names in
            withCStrings(keywords.map(\.1)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let pointer = opened else { throw DatabaseError(.connection, "libpq is out of memory.") }
        let handle = Handle(pointer: pointer)
        do {
            guard PQstatus(pointer) == CONNECTION_OK else {
                throw PostgreSQLError.opening(PostgreSQLError.message(of: pointer))
            }
            let result = PQexec(pointer, configuration.setUp)
            defer { PQclear(result) }
            guard PQresultStatus(result) == PGRES_COMMAND_OK, PQsetnonblocking(pointer, 1) == 0 else {
                throw DatabaseError(.connection, PostgreSQLError.message(of: pointer), sql: configuration.setUp)
            }
        } catch {
            PQfinish(pointer)
            throw error
        }
        // Notices would go to the standard error output.
        _ = PQsetNoticeProcessor(pointer, { _, _ in }, nil)
        return handle
    }
}

/// A libpq connection on its way from the queue that opened it to the worker that uses it.
// @unchecked: handed over once, and used by one at a time.
struct Handle: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// Calls `body` with C strings that live as long as the call, and null behind the last.
func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    let copies = strings.map { text in
        let bytes = text.utf8CString
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
        _ = copy.initialize(from: bytes)
        return copy
    }
    defer { for copy in copies { copy.deallocate() } }
    var pointers: [UnsafePointer<CChar>?] = copies.map { copy in copy.baseAddress.map { UnsafePointer($0) } }
    pointers.append(nil)
    return pointers.withUnsafeBufferPointer { buffer in
        // An array of at least one element has an address.
        body(buffer.baseAddress.unsafelyUnwrapped)
    }
}
