import MartletMigrations
import MartletORM
import Testing

/// Operations, and what they are folded into.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let operations: [any MigrationOperation]
    /// `nil`: they stay as they are.
    let expected: [any MigrationOperation]?
    var app = "migrations"

    init(
        _ testDescription: String, app: String = "migrations",
        @MigrationBuilder _ operations: () -> [any MigrationOperation],
        @MigrationBuilder becomes expected: () -> [any MigrationOperation]
    ) {
        self.testDescription = testDescription
        self.operations = operations()
        self.expected = expected()
        self.app = app
    }

    init(
        unfolded testDescription: String, app: String = "migrations",
        @MigrationBuilder _ operations: () -> [any MigrationOperation]
    ) {
        self.testDescription = testDescription
        self.operations = operations()
        expected = nil
        self.app = app
    }
}

/// What the tables are filled with.
func created(_ name: String, _ fields: FieldSchema..., unique: [[String]] = []) -> CreateModel {
    let key = FieldSchema("id", .auto, primaryKey: true)
    return CreateModel(name, fields: [key] + fields, uniqueTogether: unique)
}

func link(_ name: String, _ target: ModelName) -> FieldSchema {
    FieldSchema(name, .foreignKey(to: target, onDelete: .cascade), index: true)
}

let text = FieldSchema("name", .char(maxLength: 255))
let number = FieldSchema("age", .integer)

/// The expectations are those of Django's `tests/migrations/test_optimizer.py`; where Martlet differs the row says so.
struct OptimizerTests {
    @Test(arguments: models + orders + fields + groups)
    func `operations are folded as Django folds them`(_ example: OptimizerCase) {
        let folded = MigrationOptimizer.optimized(example.operations, app: example.app)
        let expected = example.expected ?? example.operations
        #expect(folded.map(Self.form) == expected.map(Self.form))
        #expect(MigrationOptimizer.optimized(folded, app: example.app).count == folded.count, "once is enough")
    }

    private static func form(_ operation: any MigrationOperation) -> String {
        var text = ""
        dump(operation, to: &text)
        return text
    }

    static let models: [OptimizerCase] = [
        .init(unfolded: "a single operation") { DeleteModel("Foo") },
        .init("a model that is created and deleted") {
            created("Foo", text)
            DeleteModel("Foo")
        } becomes: {
        },
        .init("a model that is created and renamed") {
            created("Foo", text)
            RenameModel("Foo", to: "Bar")
        } becomes: {
            created("Bar", text)
        },
        .init("a reference to itself follows the new name") {
            created("Foo", link("parent", "migrations.Foo"))
            RenameModel("Foo", to: "Bar")
        } becomes: {
            created("Bar", link("parent", "migrations.Bar"))
        },
        .init("two new names") {
            RenameModel("Foo", to: "Baa")
            RenameModel("Baa", to: "Bar")
        } becomes: {
            RenameModel("Foo", to: "Bar")
        },
        .init("a name there and back; Django keeps a rename of Foo to Foo") {
            RenameModel("Foo", to: "Bar")
            RenameModel("Bar", to: "Foo")
        } becomes: {
        },
        .init("options of a new model") {
            created("Foo")
            AlterModelOptions("Foo", managed: false, comment: "A lovely table.")
        } becomes: {
            CreateModel(
                "Foo", fields: [.init("id", .auto, primaryKey: true)], managed: false, comment: "A lovely table.")
        },
        .init("options of a new model that go again") {
            CreateModel("Foo", fields: [.init("id", .auto, primaryKey: true)], comment: "A lovely table.")
            AlterModelOptions("Foo")
        } becomes: {
            created("Foo")
        },
        .init("the table of a new model") {
            created("Foo")
            AlterModelTable("Foo", "foo")
        } becomes: {
            CreateModel("Foo", fields: [.init("id", .auto, primaryKey: true)], table: "foo")
        },
        .init("a model that is created, altered and deleted") {
            created("Foo", text)
            AlterModelTable("Foo", "woohoo")
            AlterUniqueTogether("Foo", [["name", "id"]])
            DeleteModel("Foo")
        } becomes: {
        },
        .init("a second table") {
            AlterModelTable("Foo", "a")
            AlterModelTable("Foo", "b")
        } becomes: {
            AlterModelTable("Foo", "b")
        },
        .init("other unique groups") {
            AlterUniqueTogether("Foo", [["a", "b"]])
            AlterUniqueTogether("Foo", [["a", "c"]])
        } becomes: {
            AlterUniqueTogether("Foo", [["a", "c"]])
        },
        .init("other options") {
            AlterModelOptions("Foo", comment: "a")
            AlterModelOptions("Foo", comment: "b")
        } becomes: {
            AlterModelOptions("Foo", comment: "b")
        },
        .init("what may be left out is") {
            RunSQL("SELECT 1", reverse: .nothing, elidable: true)
            created("Foo", text)
            RunSwift(reverse: .nothing, elidable: true) { _ in }
            created("Bar", number)
            RunSQL("SELECT 1", reverse: .nothing, elidable: true)
            RenameModel("Foo", to: "Phou")
            DeleteModel("Bar")
            RunSQL("SELECT 1", reverse: .nothing, elidable: true)
        } becomes: {
            created("Phou", text)
        },
        .init(unfolded: "nothing passes a statement") {
            created("Foo", text)
            RunSQL("DELETE FROM foo", reverse: .nothing)
            DeleteModel("Foo")
        },
    ]

    static let orders: [OptimizerCase] = [
        .init("past a model that has nothing to do with it") {
            created("Foo", text)
            created("Bar", number)
            DeleteModel("Foo")
        } becomes: {
            created("Bar", number)
        },
        .init("two models, deleted in one order") {
            created("Foo", text)
            created("Bar", number)
            DeleteModel("Bar")
            DeleteModel("Foo")
        } becomes: {
        },
        .init("two models, deleted in the other order") {
            created("Foo", text)
            created("Bar", number)
            DeleteModel("Foo")
            DeleteModel("Bar")
        } becomes: {
        },
        .init("a reference to a model of that name in another app does not matter", app: "otherapp") {
            created("Foo", text)
            created("Bar", link("other", "testapp.Foo"))
            DeleteModel("Foo")
        } becomes: {
            created("Bar", link("other", "testapp.Foo"))
        },
        .init(unfolded: "a reference to it does", app: "testapp") {
            created("Foo", text)
            created("Bar", link("other", "testapp.Foo"))
            DeleteModel("Foo")
        },
        .init("a field that refers to a model between moves the creation behind it") {
            created("Foo", text)
            created("Link", number)
            AddField("Foo", link("link", "migrations.Link"))
        } becomes: {
            created("Link", number)
            created("Foo", text, link("link", "migrations.Link"))
        },
        .init("references in both directions leave one field for later") {
            created("Bar", number)
            created("Foo", text)
            AddField("Bar", link("foo_fk", "migrations.Foo"))
            AddField("Foo", link("bar_fk", "migrations.Bar"))
        } becomes: {
            created("Foo", text)
            created("Bar", number, link("foo_fk", "migrations.Foo"))
            AddField("Foo", link("bar_fk", "migrations.Bar"))
        },
        .init(unfolded: "a field of another model moves nothing") {
            created("Foo", text)
            created("Link", number)
            AddField("Other", link("link", "migrations.Link"))
        },
        .init(unfolded: "a many-to-many field through a model between waits for it") {
            created("Employee")
            created("Employer")
            created("Employment", link("employee", "migrations.Employee"), link("employer", "migrations.Employer"))
            AddField(
                "Employer",
                .init("employees", .manyToManyThrough(to: "migrations.Employee", through: "migrations.Employment")))
        },
        .init("creations and deletions between others", app: "test_app") {
            created("Book", text)
            created("Person", text)
            AddField("Book", link("author", "test_app.Person"))
            created("Review", link("book", "test_app.Book"))
            created("Reviewer", text)
            AddField("Review", link("reviewer", "test_app.Reviewer"))
            RemoveField("Book", "author")
            DeleteModel("Person")
        } becomes: {
            created("Book", text)
            created("Reviewer", text)
            created("Review", link("book", "test_app.Book"), link("reviewer", "test_app.Reviewer"))
        },
        .init("fields are passed that are others") {
            created("Foo", text)
            created("Bar", .init("size", .integer))
            AddField("Foo", number)
            AddField("Bar", .init("width", .integer))
            AlterField("Foo", number)
            RenameField("Bar", "size", to: "dimensions")
            RemoveField("Foo", "age")
            RenameModel("Foo", to: "Phou")
            RemoveField("Bar", "dimensions")
            RenameModel("Phou", to: "Fou")
            DeleteModel("Fou")
        } becomes: {
            created("Bar", .init("width", .integer))
        },
    ]

    static let fields: [OptimizerCase] = [
        .init("a field of a new model") {
            created("Foo", text)
            AddField("Foo", number, default: .integer(1))
        } becomes: {
            created("Foo", text, number)
        },
        .init("another kind of field in a new model") {
            created("Foo", text)
            AlterField("Foo", .init("name", .integer))
        } becomes: {
            created("Foo", .init("name", .integer))
        },
        .init("another name of a field in a new model") {
            created("Foo", text)
            RenameField("Foo", "name", to: "title")
        } becomes: {
            created("Foo", .init("title", .char(maxLength: 255)))
        },
        .init("a field that goes from a new model") {
            created("Foo", text, number)
            RemoveField("Foo", "age")
        } becomes: {
            created("Foo", text)
        },
        .init("a field that is added and renamed") {
            AddField("Foo", text)
            RenameField("Foo", "name", to: "title")
        } becomes: {
            AddField("Foo", .init("title", .char(maxLength: 255)))
        },
        .init("a column with a name of its own stays where the field is renamed") {
            AddField("Foo", .init("name", .text, column: "label"))
            RenameField("Foo", "name", to: "title")
        } becomes: {
            AddField("Foo", .init("title", .text, column: "label"))
        },
        .init("a field that is altered and renamed twice") {
            AlterField("Foo", text)
            RenameField("Foo", "name", to: "title")
            RenameField("Foo", "title", to: "nom")
        } becomes: {
            RenameField("Foo", "name", to: "nom")
            AlterField("Foo", .init("nom", .char(maxLength: 255)))
        },
        .init(unfolded: "names that are swapped behind code") {
            created("MyModel", .init("field_a", .integer), .init("field_b", .integer))
            RunSQL("SELECT 1", reverse: .nothing)
            RenameField("MyModel", "field_a", to: "field_c")
            RenameField("MyModel", "field_b", to: "field_a")
            RenameField("MyModel", "field_c", to: "field_b")
        },
        .init("a field that is added and altered") {
            AddField("Foo", number)
            AlterField("Foo", .init("age", .float))
        } becomes: {
            AddField("Foo", .init("age", .float))
        },
        .init("rows keep the value they were given") {
            AddField("Foo", number, default: .integer(3))
            AlterField("Foo", .init("age", .float))
        } becomes: {
            AddField("Foo", .init("age", .float), default: .integer(3))
        },
        .init("rows get the value that came with a field that stops being null") {
            AddField("Foo", .init("age", .integer, null: true))
            AlterField("Foo", number, default: .integer(4))
        } becomes: {
            AddField("Foo", number, default: .integer(4))
        },
        .init(unfolded: "a value that the field as it ends up cannot hold must be turned into one") {
            AddField("Foo", number, default: .integer(3))
            AlterField("Foo", .init("age", .text))
        },
        .init("a field that is added and removed") {
            AddField("Foo", number)
            RemoveField("Foo", "age")
        } becomes: {
        },
        .init("a field that is altered and removed") {
            AlterField("Foo", number)
            RemoveField("Foo", "age")
        } becomes: {
            RemoveField("Foo", "age")
        },
        .init(unfolded: "what rows get on the way back is meant for the altered field") {
            AlterField("Foo", number)
            RemoveField("Foo", "age", default: .integer(3))
        },
        .init("a field that is altered twice") {
            AlterField("Foo", number)
            AlterField("Foo", .init("age", .bigInteger))
        } becomes: {
            AlterField("Foo", .init("age", .bigInteger))
        },
        .init("a field that is removed with its model") {
            RemoveField("Foo", "age")
            DeleteModel("Foo")
        } becomes: {
            DeleteModel("Foo")
        },
    ]

    private static let a = FieldSchema("a", .integer)
    private static let b = FieldSchema("b", .integer)
    private static let c = FieldSchema("c", .integer)
    private static let byAge = IndexSchema(name: "idx_pony_age", fields: ["age"])
    private static let byWeight = IndexSchema(name: "idx_pony_weight", fields: ["weight"])
    private static let middle = IndexSchema(name: "mid_name", terms: [.init(Func("abs", F("weight")))])
    private static let positive = ConstraintSchema.check("pony_weight_gt_0", F("weight") > 0)
    private static let weight = FieldSchema("weight", .integer)

    private static func pony(
        indexes: [IndexSchema] = [], constraints: [ConstraintSchema] = []
    ) -> CreateModel {
        CreateModel(
            "Pony", fields: [.init("id", .auto, primaryKey: true), weight, number], indexes: indexes,
            constraints: constraints)
    }

    private static func grouped(_ fields: FieldSchema..., group: [String]) -> CreateModel {
        CreateModel(
            "Foo", fields: [.init("id", .auto, primaryKey: true)] + fields, uniqueTogether: [group])
    }

    static let groups: [OptimizerCase] = [
        .init("a group, and a field beside it") {
            created("Foo", a, b)
            AlterUniqueTogether("Foo", [["a", "b"]])
            AddField("Foo", c)
        } becomes: {
            grouped(a, b, c, group: ["a", "b"])
        },
        .init("a group, and another kind of a field in it") {
            created("Foo", a, b)
            AlterUniqueTogether("Foo", [["a", "b"]])
            AlterField("Foo", .init("b", .char(maxLength: 255)))
        } becomes: {
            grouped(a, .init("b", .char(maxLength: 255)), group: ["a", "b"])
        },
        .init("a group follows new names") {
            created("Foo", a, b)
            AlterUniqueTogether("Foo", [["a", "b"]])
            RenameField("Foo", "b", to: "x")
            RenameField("Foo", "x", to: "c")
        } becomes: {
            grouped(a, c, group: ["a", "c"])
        },
        .init("a field that is not in the group goes") {
            created("Foo", a, b, c)
            AlterUniqueTogether("Foo", [["a", "b"]])
            RemoveField("Foo", "c")
        } becomes: {
            grouped(a, b, group: ["a", "b"])
        },
        .init("a field of the group goes; Django takes it out of the group, Martlet's migration refuses it") {
            created("Foo", a, b)
            AlterUniqueTogether("Foo", [["a", "b"]])
            RemoveField("Foo", "b")
        } becomes: {
            grouped(a, b, group: ["a", "b"])
            RemoveField("Foo", "b")
        },
        .init("an index under two names") {
            RenameIndex("Pony", "old_name", to: "mid_name")
            RenameIndex("Pony", "mid_name", to: "new_name")
        } becomes: {
            RenameIndex("Pony", "old_name", to: "new_name")
        },
        .init("an index that is added and renamed") {
            AddIndex("Pony", middle)
            RenameIndex("Pony", "mid_name", to: "new_name")
        } becomes: {
            AddIndex("Pony", .init(name: "new_name", terms: [.init(Func("abs", F("weight")))]))
        },
        .init(unfolded: "another index is renamed") {
            AddIndex("Pony", middle)
            RenameIndex("Pony", "other_name", to: "new_name")
        },
        .init("an index that is added and removed") {
            AddIndex("Pony", byWeight)
            RemoveIndex("Pony", "idx_pony_weight")
        } becomes: {
        },
        .init("a constraint that is added and removed") {
            AddConstraint("Pony", positive)
            RemoveConstraint("Pony", "pony_weight_gt_0")
        } becomes: {
        },
        .init(unfolded: "another constraint is removed") {
            AddConstraint("Pony", positive)
            RemoveConstraint("Pony", "other_name")
        },
        .init("an index of a new model") {
            pony(indexes: [byAge])
            AddIndex("Pony", byWeight)
        } becomes: {
            pony(indexes: [byAge, byWeight])
        },
        .init("an index that goes from a new model") {
            pony(indexes: [byAge, byWeight])
            RemoveIndex("Pony", "idx_pony_age")
        } becomes: {
            pony(indexes: [byWeight])
        },
        .init("an index of a new model that is renamed; Django keeps the two") {
            pony(indexes: [byAge])
            RenameIndex("Pony", "idx_pony_age", to: "idx_pony_age_new")
        } becomes: {
            pony(indexes: [.init(name: "idx_pony_age_new", fields: ["age"])])
        },
        .init("a constraint of a new model") {
            pony()
            AddConstraint("Pony", positive)
        } becomes: {
            pony(constraints: [positive])
        },
        .init("a constraint that goes from a new model") {
            pony(constraints: [positive, .unique("pony_weight_unique", fields: ["weight"])])
            RemoveConstraint("Pony", "pony_weight_gt_0")
        } becomes: {
            pony(constraints: [.unique("pony_weight_unique", fields: ["weight"])])
        },
    ]
}
