import MartletORM
import MartletSite

/// Models and their relations, as text that other programs draw.
struct ModelGraph {
    enum Format: String, CaseIterable, ArgumentValue { case mermaid, dot }

    let models: [ModelSchema]

    func text(as format: Format) -> String {
        switch format {
        case .mermaid: mermaid
        case .dot: dot
        }
    }

    /// A relation between two of the models, or to one that is not drawn with its fields.
    private struct Relation {
        let from: ModelName
        let to: ModelName
        let field: FieldSchema
        let isMany: Bool
    }

    private var relations: [Relation] {
        models.flatMap { model in
            model.fields.compactMap { field in
                switch field.kind {
                case .foreignKey(let target, _): Relation(from: model.name, to: target, field: field, isMany: false)
                case .manyToMany(let target): Relation(from: model.name, to: target, field: field, isMany: true)
                default: nil
                }
            }
        }
    }

    /// An entity-relationship diagram (https://mermaid.js.org/syntax/entityRelationshipDiagram.html).
    private var mermaid: String {
        var lines = ["erDiagram"]
        for model in models {
            lines.append("    \(Self.id(model.name)) {")
            for field in model.fields where !Self.isMany(field) {
                let mark = field.isPrimaryKey ? " PK" : Self.isReference(field) ? " FK" : field.isUnique ? " UK" : ""
                lines.append("        \(Self.kind(of: field)) \(field.name)\(mark)")
            }
            lines.append("    }")
        }
        for relation in relations {
            let end = relation.field.isNull ? "o|" : "||"
            // One row of the target, any number of rows that refer to it; one-to-one is a unique reference.
            let start = relation.isMany || !relation.field.isUnique ? "}o" : "|o"
            let line = relation.isMany ? "\(start)--o{" : "\(start)--\(end)"
            lines.append("    \(Self.id(relation.from)) \(line) \(Self.id(relation.to)) : \(relation.field.name)")
        }
        return lines.joined(separator: "\n")
    }

    /// A graph of records (https://graphviz.org/doc/info/shapes.html#record).
    private var dot: String {
        var lines = ["digraph models {", "    rankdir=LR;", "    node [shape=record, fontname=\"sans-serif\"];"]
        for model in models {
            let fields = model.fields.filter { !Self.isMany($0) }.map { "\($0.name): \(Self.kind(of: $0))\\l" }.joined()
            lines.append("    \(Self.id(model.name)) [label=\"{\(model.name)|\(fields)}\"];")
        }
        for relation in relations {
            let heads =
                relation.isMany
                ? "dir=both, arrowhead=crow, arrowtail=crow" : "arrowhead=none, dir=both, arrowtail=crow"
            let line = relation.field.isNull ? ", style=dashed" : ""
            lines.append(
                "    \(Self.id(relation.from)) -> \(Self.id(relation.to)) [label=\"\(relation.field.name)\", \(heads)\(line)];"
            )
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    /// Letters, digits and `_`, as both languages take them without quotation marks.
    private static func id(_ name: ModelName) -> String {
        String("\(name.app)_\(name.name)".map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    private static func isReference(_ field: FieldSchema) -> Bool {
        if case .foreignKey = field.kind { true } else { false }
    }

    private static func isMany(_ field: FieldSchema) -> Bool {
        if case .manyToMany = field.kind { true } else { false }
    }

    /// The kind's name without what it is made of: `char`, `dateTime`, `foreignKey`.
    private static func kind(of field: FieldSchema) -> String {
        String("\(field.kind)".prefix { $0.isLetter || $0.isNumber })
    }
}
