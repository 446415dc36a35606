import MartletORM

/// The names of types and properties for tables and columns.
enum InspectedNames {
    /// `auth_user` becomes `AuthUser`.
    static func type(of table: String) -> String {
        let name = words(table).map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        guard let first = name.first, first.isLetter || first == "_" else { return "Table" + name }
        return taken.contains(name) ? name + "Row" : name
    }

    /// `last_login` becomes `lastLogin`.
    static func property(of column: String) -> String {
        let words = words(column)
        let name =
            (words.first.map { [$0.prefix(1).lowercased() + $0.dropFirst()] } ?? []).joined()
            + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        guard let first = name.first, first.isLetter || first == "_" else { return "column" + name }
        return keywords.contains(name) ? name + "Value" : name
    }

    /// A name with a number behind it when it is in use.
    static func free(_ name: String, _ used: inout Set<String>) -> String {
        var candidate = name
        var number = 2
        while !used.insert(candidate).inserted {
            candidate = "\(name)\(number)"
            number += 1
        }
        return candidate
    }

    /// The runs of ASCII letters and digits: what else a name has, Swift's names cannot.
    private static func words(_ text: String) -> [String] {
        text.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.map(String.init)
    }

    /// Names of types that a model would hide.
    private static let taken: Set<String> = [
        "Any", "App", "Array", "Bool", "Cache", "CalendarDate", "Character", "Choices", "Constraint", "Data",
        "Database",
        "Date", "Decimal", "Dictionary", "Double", "Duration", "Error", "Field", "Float", "ForeignKey", "IPAddress",
        "Index", "Int", "JSONValue", "ManyToMany", "Migration", "Migrations", "Model", "Optional", "Ordering",
        "Protocol",
        "QuerySet", "Related", "Request", "Response", "Result", "Secret", "Self", "Session", "Set", "Settings", "Site",
        "String", "Table", "Task", "TimeOfDay", "Type", "URL", "UUID", "Void",
    ]

    /// Words that are no names of properties, or that a model has already.
    private static let keywords: Set<String> = [
        "appLabel", "as", "associatedtype", "associativity", "break", "case", "catch", "class", "clean", "columnValues",
        "continue", "default", "defaultScope", "defer", "deinit", "delete", "do", "dynamicType", "else", "enum",
        "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "id", "if", "import", "in", "init",
        "inout", "internal", "is", "let", "nil", "objects", "open", "operator", "precedencegroup", "private",
        "protocol", "public", "repeat", "rethrows", "return", "save", "self", "static", "struct", "subscript", "super",
        "switch", "table", "throw", "throws", "true", "try", "typealias", "unscoped", "validate", "var", "where",
        "while",
    ]
}
