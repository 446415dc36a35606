import MartletORM

/// An operation that `makemigrations` can write.
protocol SourceWritable: MigrationOperation {
    var source: SourceCode { get }
}

extension CreateModel: SourceWritable {
    var source: SourceCode {
        let arguments = SourceArguments(.string(name))
            .with("fields", .list(fields.map(\.source), oneALine: true))
            .with("indexes", .list(indexes.map(\.source), oneALine: true), unless: indexes.isEmpty)
            .with(
                "uniqueTogether", .list(uniqueTogether.map(SourceCode.strings), oneALine: false),
                unless: uniqueTogether.isEmpty
            )
            .with("table", table.map(SourceCode.string))
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
            case .sql(let sql): .call(".sql", SourceArguments(.string(sql)).list)
            case .nothing: .text(".nothing")
            case .irreversible: .text(".irreversible")
            }
        return .call("RunSQL", SourceArguments(.string(sql)).with("reverse", way).list)
    }
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
        return .call(".init", arguments.list)
    }
}

extension IndexSchema {
    var source: SourceCode {
        .call(".init", SourceArguments().with("name", .string(name)).with("fields", .strings(fields)).list)
    }
}

extension FieldKind {
    var source: SourceCode {
        func sized(_ name: String, _ length: Int) -> SourceCode { .text(".\(name)(maxLength: \(length))") }
        func name(_ model: ModelName) -> SourceCode { .string(model.description) }
        switch self {
        case .auto, .bool, .dateTime, .float, .integer, .bigInteger, .positiveInteger, .text, .uuid:
            return .text(".\(self)")
        case .char(let length): return sized("char", length)
        case .email(let length): return sized("email", length)
        case .slug(let length): return sized("slug", length)
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
        case .now: return .text(".now")
        case .newUUID: return .text(".newUUID")
        }
    }
}
