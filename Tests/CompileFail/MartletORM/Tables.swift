import FoundationEssentials
import MartletORM

// Tables: a field and the property it describes.

struct Shelf: Model {
    enum Room: String, Choices { case hall, cellar }

    var id = 0
    var code = ""
    var room = Room.hall
    var keeper: ForeignKey<Person>?
    var labels = ManyToMany<Label>()

    static let table = Table<Shelf>(
        .auto(\.id),
        .char(\.code, maxLength: 5, unique: true),
        .choices(\.room),
        .foreignKey(\.keeper, onDelete: .setNull),
        .manyToMany(\.labels)
    )
}

struct TextFieldOnANumber: Model {
    var id = 0
    var number = 0

    static let table = Table<TextFieldOnANumber>(
        .auto(\.id),
        // expected-error@+1 {{requires that 'Int' conform to 'TextValue'}}
        .char(\.number, maxLength: 5)
    )
}

struct ChoicesOfAPlainString: Model {
    var id = 0
    var state = ""

    static let table = Table<ChoicesOfAPlainString>(
        .auto(\.id),
        // expected-error@+1 {{requires that 'String' conform to 'Choices'}}
        .choices(\.state)
    )
}

struct ForeignKeyOnText: Model {
    var id = 0
    var author = ""

    static let table = Table<ForeignKeyOnText>(
        .auto(\.id),
        // expected-error@+1 {{no exact matches in call to static method 'foreignKey'}}
        .foreignKey(\.author, onDelete: .cascade)
    )
}

struct ForeignKeyToNoModel: Model {
    var id = 0
    // expected-error@+1 {{type 'String' does not conform to protocol 'Model'}}
    var author = ForeignKey<String>()

    static let table = Table<ForeignKeyToNoModel>(.auto(\.id))
}

struct ForeignKeyWithoutOnDelete: Model {
    var id = 0
    var author = ForeignKey<Person>()

    static let table = Table<ForeignKeyWithoutOnDelete>(
        .auto(\.id),
        // expected-error@+1 {{missing argument for parameter 'onDelete'}}
        .foreignKey(\.author)
    )
}

struct CharWithoutLength: Model {
    var id = 0
    var name = ""

    static let table = Table<CharWithoutLength>(
        .auto(\.id),
        // expected-error@+1 {{missing argument for parameter 'maxLength'}}
        .char(\.name)
    )
}

struct WayBackThroughAnotherModel: Model {
    var id = 0
    var books = Related<Book>()

    static let table = Table<WayBackThroughAnotherModel>(
        .auto(\.id),
        // expected-error@+1 {{no exact matches in call to static method 'reverse'}}
        .reverse(\.books, through: \.author)
    )
}
