import FoundationEssentials
import MartletORM
import Testing

// The models and rows of Django's tests `aggregation` and `expressions_window`.

struct Writer: Model {
    var id = 0
    var name = ""
    var age = 0
    var rating: Double?
    var friends = ManyToMany<Writer>()
    var books = Related<Volume>()
    var contacts = Related<Volume>()

    static let appLabel = "bookshop"
    static let table = Table<Writer>(
        .auto(\.id),
        .char(\.name, maxLength: 100),
        .integer(\.age),
        .float(\.rating),
        .manyToMany(\.friends),
        .reverse(\.books, through: \.writers),
        .reverse(\.contacts, through: \.contact)
    )
}

struct House: Model {
    var id = 0
    var name = ""
    var awards = 0
    var books = Related<Volume>()

    static let appLabel = "bookshop"
    static let table = Table<House>(
        .auto(\.id),
        .char(\.name, maxLength: 255),
        .integer(\.awards),
        .reverse(\.books, through: \.house)
    )
}

struct Volume: Model {
    var id = 0
    var code = ""
    var name = ""
    var pages = 0
    var rating = 0.0
    var price = 0.0
    var writers = ManyToMany<Writer>()
    var contact = ForeignKey<Writer>()
    var house = ForeignKey<House>()
    var stores = Related<Store>()
    var printedOn = Date(timeIntervalSince1970: 0)

    static let appLabel = "bookshop"
    static let table = Table<Volume>(
        .auto(\.id),
        .char(\.code, maxLength: 9),
        .char(\.name, maxLength: 255),
        .integer(\.pages),
        .float(\.rating),
        .float(\.price),
        .manyToMany(\.writers),
        .foreignKey(\.contact, onDelete: .cascade),
        .foreignKey(\.house, onDelete: .cascade),
        .reverse(\.stores, through: \.books),
        .dateTime(\.printedOn)
    )
}

struct Store: Model {
    var id = 0
    var name = ""
    var books = ManyToMany<Volume>()

    static let appLabel = "bookshop"
    static let table = Table<Store>(.auto(\.id), .char(\.name, maxLength: 255), .manyToMany(\.books))
}

struct Employee: Model {
    var id = 0
    var name = ""
    var salary = 0
    var department = ""
    var hiredOn = Date(timeIntervalSince1970: 0)
    var age = 0
    var bonus: Int?
    var isManager = false

    static let appLabel = "bookshop"
    static let table = Table<Employee>(
        .auto(\.id),
        .char(\.name, maxLength: 40),
        .integer(\.salary),
        .char(\.department, maxLength: 40),
        .dateTime(\.hiredOn),
        .integer(\.age),
        .integer(\.bonus),
        .bool(\.isManager)
    )
}

extension Trait where Self == ModelsDatabase {
    /// Fresh databases with the tables of the bookshop.
    static var bookshop: Self { .models(Writer.self, House.self, Volume.self, Store.self, Employee.self) }
}

/// Short names for the long ones of Django's rows.
enum Bookshop {
    static let django = "The Definitive Guide to Django"
    static let sams = "Sams Teach Yourself Django"
    static let practical = "Practical Django Projects"
    static let python = "Python Web Development"
    static let modern = "Artificial Intelligence"
    static let paradigms = "Paradigms of AI Programming"

    static func make() async throws {
        let people: [(String, Int)] = [
            ("Adrian Holovaty", 34), ("Jacob Kaplan-Moss", 35), ("Brad Dayley", 45), ("James Bennett", 29),
            ("Jeffrey Forcier", 37), ("Paul Bissex", 29), ("Wesley J. Chun", 25), ("Peter Norvig", 57),
            ("Stuart Russell", 46),
        ]
        let a = try await Writer.objects.createMany(people.map { Writer(name: $0.0, age: $0.1) })
        for (index, friends) in [[1, 3], [0, 6], [], [0], [5, 6], [4, 6], [1, 4, 5], [8], [7]].enumerated() {
            try await a[index].add(friends.map { a[$0] }, to: \.friends)
        }
        let houses: [(String, Int)] = [
            ("Apress", 3), ("Sams", 1), ("Prentice Hall", 7), ("Morgan Kaufmann", 9), ("Jonno's House of Books", 0),
        ]
        let p = try await House.objects.createMany(houses.map { House(name: $0.0, awards: $0.1) })
        func volume(
            _ code: String, _ name: String, _ pages: Int, _ rating: Double, _ price: Double, _ contact: Int,
            _ house: Int, _ days: Double
        ) -> Volume {
            Volume(
                code: code, name: name, pages: pages, rating: rating, price: price, contact: ForeignKey(a[contact]),
                house: ForeignKey(p[house]), printedOn: Date(timeIntervalSince1970: days * 86_400))
        }
        let b = try await Volume.objects.createMany([
            volume("159059725", django, 447, 4.5, 30.00, 0, 0, 13_853),
            volume("067232959", sams, 528, 3.0, 23.09, 2, 1, 13_941),
            volume("159059996", practical, 300, 4.0, 29.69, 3, 0, 14_053),
            volume("013235613", python, 350, 4.0, 29.69, 4, 2, 14_186),
            volume("013790395", modern, 1132, 4.0, 82.80, 7, 2, 9_145),
            volume("155860191", paradigms, 946, 5.0, 75.00, 7, 3, 7_957),
        ])
        for (index, writers) in [[0, 1], [2], [3], [4, 5, 6], [7, 8], [7]].enumerated() {
            try await b[index].add(writers.map { a[$0] }, to: \.writers)
        }
        for (name, books) in [
            ("Amazon.com", [0, 1, 2, 3, 4, 5]), ("Books.com", [0, 2, 4, 5]), ("Mamma and Pappa's Books", [2, 3, 5]),
        ] {
            let store = try await Store.objects.create(Store(name: name))
            try await store.add(books.map { b[$0] }, to: \.books)
        }
    }

    static func makeEmployees() async throws {
        // Name, salary, department, days since 1970, age.
        let rows: [(String, Int, String, Double, Int)] = [
            ("Jones", 45000, "Accounting", 13_088, 20), ("Williams", 37000, "Accounting", 14_396, 20),
            ("Jenson", 45000, "Accounting", 13_970, 20), ("Adams", 50000, "Accounting", 15_887, 50),
            ("Smith", 55000, "Sales", 13_665, 30), ("Brown", 53000, "Sales", 14_488, 30),
            ("Johnson", 40000, "Marketing", 15_400, 30), ("Smith", 38000, "Marketing", 14_518, 20),
            ("Wilkinson", 60000, "IT", 15_034, 40), ("Moore", 34000, "IT", 15_918, 40),
            ("Miller", 100_000, "Management", 12_935, 40), ("Johnson", 80000, "Management", 12_965, 50),
        ]
        try await Employee.objects.createMany(
            rows.map { row in
                Employee(
                    name: row.0, salary: row.1, department: row.2,
                    hiredOn: Date(timeIntervalSince1970: row.3 * 86_400), age: row.4,
                    bonus: row.1 > 50_000 ? row.1 / 400 : nil, isManager: row.2 == "Management")
            })
    }
}

/// Whether two numbers agree to some places, as Django's `Approximate`.
func isAbout(_ number: Double?, _ expected: Double, within distance: Double = 0.01) -> Bool {
    number.map { abs($0 - expected) <= distance } ?? false
}

/// The text of the error that a query is refused with.
func refusal(_ operation: () async throws -> Void) async -> String? {
    await #expect(throws: ORMError.self) { try await operation() }?.description
}
