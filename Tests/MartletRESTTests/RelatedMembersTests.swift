import MartletORM
import MartletREST
import Testing

private struct Writer: Model {
    var id = 0
    var name = ""
    var desk = RelatedOne<Desk>()

    static let table = Table<Writer>(
        .auto(\.id), .char(\.name, maxLength: 50), .reverse(\.desk, through: \.owner))
}

private struct Desk: Model {
    var id = 0
    var owner = OneToOne<Writer>()

    static let table = Table<Desk>(.auto(\.id), .oneToOne(\.owner, onDelete: .cascade))
}

private struct Article: Model {
    var id = 0
    var author = ForeignKey<Writer>()
    var editor: ForeignKey<Writer>?

    static let table = Table<Article>(
        .auto(\.id), .foreignKey(\.author, onDelete: .cascade), .foreignKey(\.editor, onDelete: .setNull))
}

@Suite struct RelatedMembersTests {
    private let serializer = Serializer<Article>(
        .primaryKeyRelated(\.author), .primaryKeyRelated(\.editor), .slugRelated(\.author, \.name, name: "by"),
        .slugRelated(\.editor, \.name, name: "edited_by"))

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `an optional reference is written by its key or by a column, and as null`() throws {
        let ann = Writer(id: 1, name: "Ann")
        let bob = Writer(id: 2, name: "Bob")
        let edited = Article(id: 7, author: ForeignKey(ann), editor: ForeignKey(bob))
        #expect(text(try serializer.json(edited)) == #"{"author":1,"editor":2,"by":"Ann","edited_by":"Bob"}"#)
        let alone = Article(id: 8, author: ForeignKey(ann))
        #expect(text(try serializer.json(alone)) == #"{"author":1,"editor":null,"by":"Ann","edited_by":null}"#)
    }

    @Test func `a reference that is not loaded is an error`() {
        let article = Article(id: 7, author: ForeignKey(Writer(id: 1)), editor: ForeignKey(id: 2))
        let error = #expect(throws: ORMError.self) { try serializer.json(article) }
        #expect(error?.description.contains("was not loaded") == true)
    }

    @Test func `the other side of a one-to-one relation that is not loaded is an error`() {
        let desk = Serializer<Desk>(.field(\.id))
        let error = #expect(throws: ORMError.self) {
            try Serializer<Writer>(.nested(\.desk, desk)).json(Writer(id: 1))
        }
        #expect(error?.description.contains("selectRelated") == true)
    }
}
