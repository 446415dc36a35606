import CPostgreSQL
import Dispatch
import MartletORM
import Synchronization

/// Which constraint an error is about.
struct ConstraintPlace: Sendable, Hashable {
    let schema: String
    let table: String
    let name: String

    init?(_ result: OpaquePointer) {
        guard let schema = PostgreSQLError.field("s", of: result), let table = PostgreSQLError.field("t", of: result),
            let name = PostgreSQLError.field("n", of: result)
        else { return nil }
        (self.schema, self.table, self.name) = (schema, table, name)
    }
}

/// The columns of constraints, as the database has them.
///
/// An error names its constraint only; its columns stand at best in a sentence that is written in the server's language,
/// together with private values. They are looked up once for each constraint, over a connection of its own: the one with
/// the error may be in a transaction, where nothing can be asked any more.
final class ConstraintCatalog: Sendable {
    private let configuration: PostgreSQLConfiguration
    private let known = Mutex<[ConstraintPlace: [String]]>([:])
    private static let queue = DispatchQueue(label: "martlet.postgresql.catalog")

    init(_ configuration: PostgreSQLConfiguration) {
        self.configuration = configuration
    }

    /// The error with the columns of its constraint, where they can be found out.
    func complete(_ error: ServerError) async -> DatabaseError {
        let found = error.databaseError
        guard let place = error.constraint, found.columns.isEmpty else { return found }
        let columns = await columns(of: place)
        return DatabaseError(
            found.kind, found.message, columns: columns.map { "\(place.table).\($0)" }, constraint: found.constraint,
            sql: found.sql, code: found.code)
    }

    private func columns(of place: ConstraintPlace) async -> [String] {
        if let columns = known.withLock({ $0[place] }) { return columns }
        let found = await withCheckedContinuation { continuation in
            Self.queue.async { [configuration] in continuation.resume(returning: Self.ask(configuration, place)) }
        }
        guard let found else { return [] }
        known.withLock { known in
            // Tables that come and go must not be remembered without end.
            if known.count >= 10_000 { known = [:] }
            known[place] = found
        }
        return found
    }

    /// The columns of a constraint, or of an index that is none; those of expressions stand behind.
    private static let query = """
        WITH place AS (
            SELECT r.oid FROM pg_class r JOIN pg_namespace n ON n.oid = r.relnamespace
            WHERE n.nspname = $1 AND r.relname = $2)
        SELECT a.attname FROM pg_constraint c
        JOIN place ON place.oid = c.conrelid
        CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (number, position)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number
        WHERE c.conname = $3 AND c.contype IN ('c', 'f')
        UNION ALL
        (SELECT a.attname FROM pg_index i
        JOIN place ON place.oid = i.indrelid
        JOIN pg_class r ON r.oid = i.indexrelid AND r.relname = $3
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum > 0
        LEFT JOIN LATERAL (
            SELECT k.position FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, position)
            WHERE k.number = a.attnum AND k.position <= i.indnkeyatts LIMIT 1) AS k ON true
        WHERE k.position IS NOT NULL OR 0 = ANY (i.indkey) AND i.indpred IS NULL AND EXISTS (
            SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
            AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid = a.attnum)
        ORDER BY k.position NULLS LAST, a.attnum)
        """

    /// Asks, waiting; `nil` when the server does not answer.
    private static func ask(_ configuration: PostgreSQLConfiguration, _ place: ConstraintPlace) -> [String]? {
        guard let handle = try? PostgreSQLConnection.connect(configuration) else { return nil }
        defer { PQfinish(handle.pointer) }
        _ = PQsetnonblocking(handle.pointer, 0)
        let result = withCStrings([place.schema, place.table, place.name]) { values in
            PQexecParams(handle.pointer, query, 3, nil, values, nil, nil, 0)
        }
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_TUPLES_OK else { return nil }
        return (0..<PQntuples(result)).compactMap { row in
            PQgetvalue(result, row, 0).map { String(cString: $0) }
        }
    }
}
