import FoundationEssentials
import MartletJSON
public import MartletTemplates

extension Model {
    /// Nothing beyond the fields of the table.
    public func templateProperty(_ name: String) -> (any TemplateConvertible)? { nil }

    /// The model and its id; override it to print a row by its title or name, as Django's `__str__`.
    public var templateText: String { "\(Self.self) \(id)" }

    /// A field by its name, in snake_case or as in Swift; `status_id`-like columns; `get_status_display` for the label
    /// of a choice; then what ``templateProperty(_:)`` knows.
    ///
    /// - Throws: ``ORMError/notLoaded(relation:remedy:)`` for a relation that the query did not load.
    public func templateMember(_ name: String) throws -> TemplateValue? {
        let table = Self.table
        if let field = table.field(named: name) { return try field.template?(self) }
        if name == "pk" { return TemplateValue(id.sqlValue) }
        return table.templateExtra(name, of: self) ?? templateProperty(name)?.templateValue
    }

    // The rest of `TemplateObject` stands here too, so that a file with a model needs no import but this module's.

    /// The row itself.
    public var templateValue: TemplateValue { .object(self) }

    /// None: a row's text is escaped.
    public var templateHTML: String? { nil }

    /// None: a row is no collection.
    public func templateElements() throws -> [TemplateValue]? { nil }

    /// None: a row is no collection.
    public var templateCount: Int? { nil }

    /// A row is always true.
    public var templateTruth: Bool { true }

    /// Two rows are the same when model and id are.
    public func isTemplateEqual(to other: any TemplateObject) -> Bool {
        (other as? Self)?.id == id
    }
}

extension Table {
    /// The names that Django adds to a model beside its fields.
    func templateExtra(_ name: String, of model: M) -> TemplateValue? {
        if name.hasSuffix("_id"), let field = field(named: String(name.dropLast(3))), field.schema?.column == name {
            return withUnsafePointer(to: model) { pointer in
                field.column.map { TemplateValue($0.encode(UnsafeRawPointer(pointer))) }
            }
        }
        if name.hasPrefix("get_"), name.hasSuffix("_display") {
            return field(named: String(name.dropFirst(4).dropLast(8)))?.display?(model).templateValue
        }
        return nil
    }
}

extension TemplateValue {
    /// A column's value as templates see it.
    init(_ value: SQLValue) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .int(Int(number))
        case .real(let number): self = .double(number)
        case .text(let text): self = .string(text)
        case .uuid(let uuid): self = .uuid(uuid)
        case .dateTime(let date): self = .date(date)
        case .bytes(let bytes): self = .string(String(decoding: bytes, as: UTF8.self))
        case .decimal(let number): self = .decimal(number)
        case .date(let day): self = .day(day)
        case .time(let time): self = .time(time)
        case .duration(let duration): self = .duration(duration)
        case .json(let text): self = (try? JSON.parse(text)).map(TemplateValue.init) ?? .string(text)
        }
    }
}

/// The rows of a relation, as templates see them: `{% for tag in post.tags %}`, and `post.tags.all` as in Django.
struct RelatedRows: TemplateObject {
    let rows: [TemplateValue]

    var templateText: String { "\(rows.count) rows" }

    func templateMember(_ name: String) -> TemplateValue? {
        switch name {
        case "all": .list(rows)
        case "count": .int(rows.count)
        case "first": rows.first
        case "last": rows.last
        case "exists": .bool(!rows.isEmpty)
        default: nil
        }
    }

    func templateElements() -> [TemplateValue]? { rows }
}

extension Page: TemplateConvertible where Element: TemplateConvertible {}

extension Page: TemplateObject where Element: TemplateConvertible {
    /// `Page 2 of 10`.
    public var templateText: String { "Page \(number) of \(pages)" }

    /// The members of Django's page, and those of its paginator beside them.
    public func templateMember(_ name: String) -> TemplateValue? {
        switch name {
        case "object_list", "items": .list(items.map(\.templateValue))
        case "number": .int(number)
        case "num_pages", "pages": .int(pages)
        case "count": .int(count)
        case "has_previous": .bool(hasPrevious)
        case "has_next": .bool(hasNext)
        case "has_other_pages": .bool(hasPrevious || hasNext)
        case "previous_page_number": hasPrevious ? .int(number - 1) : nil
        case "next_page_number": hasNext ? .int(number + 1) : nil
        case "start_index": .int(count == 0 ? 0 : (number - 1) * size + 1)
        case "end_index": .int((number - 1) * size + items.count)
        case "paginator": .object(self)
        default: nil
        }
    }

    /// The rows of the page.
    public func templateElements() -> [TemplateValue]? { items.map(\.templateValue) }
}
