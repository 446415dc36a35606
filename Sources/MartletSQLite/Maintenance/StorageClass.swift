import MartletORM

/// What SQLite keeps a value as, whatever type its column has.
///
/// Source: [SQLite, Storage Classes and Datatypes](https://www.sqlite.org/datatype3.html#storage_classes_and_datatypes).
enum StorageClass: String {
    case integer
    case real
    case text
    case blob

    /// The classes that values of a kind may have; `nil` for a kind that takes any.
    static func classes(of kind: FieldKind) -> [StorageClass]? {
        switch kind {
        case .auto, .bool, .integer, .bigInteger, .positiveInteger: [.integer]
        // A whole number in a column of type `real` is kept as one and read as either.
        case .float: [.real, .integer]
        case .char, .choices, .email, .slug, .text, .uuid, .dateTime: [.text]
        default: nil
        }
    }

    /// A condition that holds for values of the classes.
    static func condition(on column: String, _ classes: [StorageClass], null: Bool) -> String {
        let names = classes.map { "'\($0.rawValue)'" } + (null ? ["'null'"] : [])
        return "typeof(\(column)) IN (\(names.joined(separator: ", ")))"
    }
}
