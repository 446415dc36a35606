import MartletCrypto

/// The names of indexes and constraints, as Django makes them, so that both can migrate one database.
///
/// Source: Django's `Index.set_name_with_model` and `BaseDatabaseSchemaEditor._create_index_name`.
package enum ConstraintName {
    /// The longest name PostgreSQL keeps.
    package static let maximumLength = 63

    /// The name of an index of a model's `indexes`.
    ///
    /// - Parameter columns: Column names, in order.
    package static func index(table: String, columns: [String]) -> String {
        let hash = digest([table] + columns + ["idx"], length: 6)
        let name = "\(table.prefix(11))_\((columns.first ?? "").prefix(7))_\(hash)_idx"
        // An index name may not begin with an underscore or a digit on every database Django speaks to.
        guard let first = name.first, first == "_" || first.isNumber else { return name }
        return "D" + name.dropFirst()
    }

    /// The name of an index of a model's `indexes`.
    ///
    /// Django names indexes over plain fields only. Any other has the same form of name, with what tells it from the
    /// others in the hash.
    package static func index(_ index: IndexSchema, table: String, column: (String) -> String) -> String {
        let usual = index.terms.allSatisfy { $0.expression.plainField != nil && $0.operatorClass == nil }
        let columns = index.terms.map { $0.expression.fields.first.map(column) ?? "" }
        let suffix = index.method == .btree ? "idx" : index.method.rawValue
        var parts = zip(index.terms, columns).map { $0.isDescending ? "-\($1)" : $1 }
        if !usual || index.condition != nil {
            parts = index.terms.map { $0.mapFields(column).signature }
            parts.append(index.condition?.mapFields(column).signature ?? "")
        }
        let hash = digest([table] + parts + [suffix], length: 6)
        return startingWithLetter("\(table.prefix(11))_\((columns.first ?? "").prefix(7))_\(hash)_\(suffix)")
    }

    /// The name of a unique or exclusion constraint of a model that has none of its own.
    ///
    /// - Parameter distinguishing: What tells the constraint from others over the same columns; empty for none.
    package static func rule(table: String, columns: [String], distinguishing: [String], suffix: String) -> String {
        guard !distinguishing.isEmpty else { return constraint(table: table, columns: columns, suffix: suffix) }
        let hash = digest([table] + columns + distinguishing, length: 8)
        let room = maximumLength - hash.count - suffix.count - 1
        return startingWithLetter("\("\(table)_\(columns.joined(separator: "_"))".prefix(room))_\(hash)\(suffix)")
    }

    private static func startingWithLetter(_ name: String) -> String {
        // An index name may not begin with an underscore or a digit on every database Django speaks to.
        guard let first = name.first, first == "_" || first.isNumber else { return name }
        return "D" + name.dropFirst()
    }

    /// The name of an index or constraint that the schema editor makes.
    ///
    /// - Parameters:
    ///   - suffix: Empty for a column's own index, `_uniq`, `_fk_<table>_<column>`, `_check` or `_like`.
    ///   - maximumLength: The longest name, in characters, that the database keeps.
    package static func constraint(
        table: String, columns: [String], suffix: String, maximumLength: Int = maximumLength
    ) -> String {
        let hashed = digest([table] + columns, length: 8) + suffix
        let whole = "\(table)_\(columns.joined(separator: "_"))_\(hashed)"
        // Django looks at the first letter only of a name that it has cut.
        if whole.count <= maximumLength { return whole }
        let tail = hashed.count > maximumLength / 3 ? String(hashed.prefix(maximumLength / 3)) : hashed
        let room = (maximumLength - tail.count) / 2 - 1
        return prefixed("\(table.prefix(room))_\(columns.joined(separator: "_").prefix(room))_\(tail)")
    }

    private static func prefixed(_ name: String) -> String {
        guard let first = name.first, first == "_" || first.isNumber else { return name }
        return "D" + name.dropLast()
    }

    /// The first hexadecimal digits of the MD5 of the names; a name, not a secret.
    ///
    /// An OpenSSL that is locked to FIPS has no MD5; SHA-256 takes its place there, and names differ from Django's.
    private static func digest(_ names: [String], length: Int) -> String {
        let bytes = Array(names.joined().utf8)
        let hash = ((try? Digest.md5(of: bytes)) ?? (try? Digest.sha256(of: bytes)) ?? bytes).hexadecimal
        return String(hash.prefix(length))
    }
}
