public import MartletORM

/// What existing rows get in a field that is new, or no longer null: asked of whoever runs `makemigrations`.
public struct DefaultQuestion: Sendable {
    /// The model.
    public let model: ModelName
    /// The field as it shall be.
    public let field: FieldSchema
    /// What its column stores; for a foreign key, the primary key it refers to.
    public let kind: FieldKind
    /// Whether the field exists and was null so far.
    public let wasNull: Bool

    /// Gives the answer, or throws.
    public typealias Answer = @Sendable (DefaultQuestion) async throws -> FieldDefault

    /// The question as a sentence.
    public var text: String {
        wasNull
            ? "'\(model).\(field.name)' may no longer be null. What do rows without a value get?"
            : "'\(model).\(field.name)' is new and may not be null. What do existing rows get?"
    }

    /// What can be answered.
    public var hint: String {
        switch kind {
        case .bool: "true or false"
        case .choices(let choices, _), .checkedChoices(let choices, _): "one of \(choices.joined(separator: ", "))"
        case .integerChoices(let choices), .checkedIntegerChoices(let choices):
            "one of \(choices.map(String.init).joined(separator: ", "))"
        case .date: "now, or a day such as 2026-01-31"
        case .time: "now, or a time such as 09:05:00"
        case .duration: "a duration such as 1 02:03:04 (days, hours, minutes, seconds)"
        case .decimal(let digits, let places): "a number of at most \(digits) digits, \(places) behind the point"
        case .json: "a document of JSON"
        case .binary: "bytes as pairs of hexadecimal digits"
        case .shortUUID: "12 characters of the shortuuid alphabet"
        case .ipAddress: "an IP address"
        case .dateTime: "now, or a moment in UTC such as 2026-01-31 09:05:00"
        case .uuid where field.kind.target == nil: "new for another UUID in each row, or a UUID"
        case .uuid: "the UUID of a row of \(field.kind.target.map(\.description) ?? "the model")"
        case .auto, .integer, .bigInteger, .positiveInteger, .smallInteger, .positiveSmallInteger, .positiveBigInteger:
            "a whole number"
        case .float: "a number"
        default: "a text"
        }
    }

    /// Reads an answer as it is typed.
    ///
    /// - Returns: `nil` when the field cannot hold it.
    public func read(_ text: String) -> FieldDefault? {
        let fill: FieldDefault? =
            switch kind {
            case .bool: text == "true" ? .bool(true) : text == "false" ? .bool(false) : nil
            case .dateTime: text == "now" ? .now : .dateTime(text)
            case .uuid: text == "new" && field.kind.target == nil ? .newUUID : .uuid(text)
            case .date: text == "now" ? .now : .date(text)
            case .time: text == "now" ? .now : .time(text)
            case .duration: .duration(text)
            case .decimal: .decimal(text)
            case .json: .json(text)
            case .binary: .binary(text)
            case _ where kind.integerRange != nil: Int64(text).map(FieldDefault.integer)
            case .float: Double(text).flatMap { $0.isFinite ? .real($0) : nil }
            default: .text(text)
            }
        return fill.flatMap { $0.suits(kind) ? $0 : nil }
    }

    /// Answers no question: what `--no-input`, or a command without a terminal, does.
    public static let refuse: Answer = { question in
        throw MigrationError(
            .defaultNeeded, question.text,
            "\(question.canBeInitial ? "Give the property an initial value that fits, make it" : "Make it") optional, "
                + "or run makemigrations in a terminal and answer (\(question.hint)).")
    }

    /// Answers with any value that fits: for those who only ask whether something differs.
    public static let anyValue: Answer = { question in
        if let empty = question.kind.emptyDefault, empty.suits(question.kind) { return empty }
        let candidates = ["now", "new", "1", "{}", "127.0.0.1", "222222222222", "00000000-0000-0000-0000-000000000000"]
        return candidates.lazy.compactMap(question.read).first ?? .text("")
    }

    /// Whether the property's initial value could have answered.
    private var canBeInitial: Bool {
        switch field.kind {
        case .dateTime, .date, .time, .uuid, .shortUUID, .auto, .foreignKey, .manyToMany, .manyToManyThrough: false
        default: !field.isUnique
        }
    }
}
