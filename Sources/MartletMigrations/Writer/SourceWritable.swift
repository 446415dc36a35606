import MartletORM

/// An operation that `makemigrations` can write.
protocol SourceWritable: MigrationOperation {
    var source: SourceCode { get }
}

extension MigrationOperation {
    /// The source of the operation; `nil` for one that holds code, or was made by the project itself.
    var sourceIfAny: SourceCode? {
        if let separate = self as? SeparateDatabaseAndState { return separate.sourceIfComplete }
        return (self as? any SourceWritable)?.source
    }
}

extension SeparateDatabaseAndState {
    /// The source, if every operation inside has one.
    var sourceIfComplete: SourceCode? {
        func list(_ operations: [any MigrationOperation]) -> SourceCode? {
            let sources = operations.compactMap(\.sourceIfAny)
            return sources.count == operations.count ? .list(sources, oneALine: true) : nil
        }
        guard let database = list(database), let state = list(state) else { return nil }
        let arguments = SourceArguments()
            .with("database", database, unless: self.database.isEmpty)
            .with("state", state, unless: self.state.isEmpty)
        return .call("SeparateDatabaseAndState", arguments.list)
    }
}

extension CreateModel: SourceWritable {
    var source: SourceCode {
        let arguments = SourceArguments(.string(name))
            .with("fields", .list(fields.map(\.source), oneALine: true))
            .with("indexes", .list(indexes.map(\.source), oneALine: true), unless: indexes.isEmpty)
            .with("constraints", .list(constraints.map(\.source), oneALine: true), unless: constraints.isEmpty)
            .with(
                "uniqueTogether", .list(uniqueTogether.map(SourceCode.strings), oneALine: false),
                unless: uniqueTogether.isEmpty
            )
            .with("table", table.map(SourceCode.string))
            .with("managed", .text("false"), unless: isManaged)
            .with("comment", comment.map(SourceCode.string))
        return .call("CreateModel", arguments.list)
    }
}

extension DeleteModel: SourceWritable {
    var source: SourceCode { .call("DeleteModel", SourceArguments(.string(name)).list) }
}

extension AddField: SourceWritable {
    var source: SourceCode {
        .call("AddField", SourceArguments(.string(model), field.source).with("default", fill?.source).list)
    }
}

extension RemoveField: SourceWritable {
    var source: SourceCode {
        .call("RemoveField", SourceArguments(.string(model), .string(field)).with("default", fill?.source).list)
    }
}

extension AlterField: SourceWritable {
    var source: SourceCode {
        .call("AlterField", SourceArguments(.string(model), field.source).with("default", fill?.source).list)
    }
}

extension AddIndex: SourceWritable {
    var source: SourceCode { .call("AddIndex", SourceArguments(.string(model), index.source).list) }
}

extension RemoveIndex: SourceWritable {
    var source: SourceCode { .call("RemoveIndex", SourceArguments(.string(model), .string(name)).list) }
}

extension AlterUniqueTogether: SourceWritable {
    var source: SourceCode {
        .call(
            "AlterUniqueTogether",
            SourceArguments(.string(model), .list(groups.map(SourceCode.strings), oneALine: false)).list)
    }
}

extension AlterModelTable: SourceWritable {
    var source: SourceCode { .call("AlterModelTable", SourceArguments(.string(model), .string(table)).list) }
}

extension RenameField: SourceWritable {
    var source: SourceCode {
        .call("RenameField", SourceArguments(.string(model), .string(oldName)).with("to", .string(newName)).list)
    }
}

extension RenameModel: SourceWritable {
    var source: SourceCode {
        .call("RenameModel", SourceArguments(.string(oldName)).with("to", .string(newName)).list)
    }
}

extension RunSQL: SourceWritable {
    var source: SourceCode {
        let way: SourceCode =
            switch reverse {
            case .statements(let sql): .call(".sql", sql.map { .init(label: nil, value: .string($0)) })
            case .nothing: .text(".nothing")
            case .irreversible: .text(".irreversible")
            }
        let statements = sql.map { SourceCode.Argument(label: nil, value: .string($0)) }
        let options = SourceArguments().with("reverse", way).with("elidable", .text("true"), unless: !isElidable)
        return .call("RunSQL", statements + options.list)
    }
}

extension CreateExtension: SourceWritable {
    var source: SourceCode { .call("CreateExtension", SourceArguments(.string(name)).list) }
}

extension FieldSchema {
    var source: SourceCode {
        let usual = FieldSchema(name, kind)
        let arguments = SourceArguments(.string(name), kind.source)
            .with("column", .string(column), unless: column == usual.column)
            .with("null", .text("true"), unless: !isNull)
            .with("primaryKey", .text("true"), unless: !isPrimaryKey)
            .with("unique", .text("true"), unless: !isUnique)
            .with("index", .text("true"), unless: !isIndexed)
            .with("databaseDefault", databaseDefault?.source)
            .with("generated", generated?.source)
            .with("comment", comment.map(SourceCode.string))
        return .call(".init", arguments.list)
    }
}

extension FieldKind {
    var source: SourceCode {
        func sized(_ name: String, _ length: Int) -> SourceCode { .text(".\(name)(maxLength: \(length))") }
        func name(_ model: ModelName) -> SourceCode { .string(model.description) }
        switch self {
        case .auto, .bool, .dateTime, .float, .integer, .bigInteger, .positiveInteger, .text, .uuid:
            return .text(".\(self)")
        case .smallInteger, .positiveSmallInteger, .positiveBigInteger, .shortUUID, .date, .time, .duration, .binary,
            .json, .ipAddress:
            return .text(".\(self)")
        case .decimal(let digits, let places):
            return .text(".decimal(maxDigits: \(digits), decimalPlaces: \(places))")
        case .checkedChoices(let choices, let length):
            return .call(
                ".checkedChoices", SourceArguments(.strings(choices)).with("maxLength", .text("\(length)")).list)
        case .integerChoices(let choices): return Self.numbers("integerChoices", choices)
        case .checkedIntegerChoices(let choices): return Self.numbers("checkedIntegerChoices", choices)
        case .url(let length): return sized("url", length)
        case .file(let length): return sized("file", length)
        case .image(let length): return sized("image", length)
        case .filePath(let length): return sized("filePath", length)
        case .char(let length): return sized("char", length)
        case .email(let length): return sized("email", length)
        case .slug(let length): return sized("slug", length)
        case .array(let kind, let size):
            let element = SourceArguments(kind.source)
            return .call(".array", element.with("size", .text(size.map { "\($0)" } ?? "nil")).list)
        case .range(let kind): return .text(".range(.\(kind))")
        case .searchVector: return .text(".searchVector")
        case .choices(let choices, let length):
            return .call(".choices", SourceArguments(.strings(choices)).with("maxLength", .text("\(length)")).list)
        case .foreignKey(let target, let onDelete):
            return .call(
                ".foreignKey",
                SourceArguments().with("to", name(target)).with("onDelete", .text(".\(onDelete.rawValue)")).list)
        case .manyToMany(let target): return .call(".manyToMany", SourceArguments().with("to", name(target)).list)
        case .manyToManyThrough(let target, let through):
            return .call(
                ".manyToManyThrough", SourceArguments().with("to", name(target)).with("through", name(through)).list)
        }
    }

    private static func numbers(_ name: String, _ choices: [Int]) -> SourceCode {
        .call(".\(name)", SourceArguments(.list(choices.map { .text("\($0)") }, oneALine: false)).list)
    }
}

extension FieldDefault {
    var source: SourceCode {
        func call(_ name: String, _ value: SourceCode) -> SourceCode { .call(".\(name)", SourceArguments(value).list) }
        switch self {
        case .text(let text): return call("text", .string(text))
        case .integer(let number): return .text(".integer(\(number))")
        case .real(let number): return .text(".real(\(number))")
        case .bool(let flag): return .text(".bool(\(flag))")
        case .uuid(let text): return call("uuid", .string(text))
        case .dateTime(let text): return call("dateTime", .string(text))
        case .decimal(let text): return call("decimal", .string(text))
        case .date(let text): return call("date", .string(text))
        case .time(let text): return call("time", .string(text))
        case .duration(let text): return call("duration", .string(text))
        case .json(let text): return call("json", .string(text))
        case .binary(let digits): return call("binary", .string(digits))
        case .now: return .text(".now")
        case .newUUID: return .text(".newUUID")
        }
    }
}
