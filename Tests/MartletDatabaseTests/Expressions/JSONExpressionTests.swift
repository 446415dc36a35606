import FoundationEssentials
import MartletJSON
import MartletORM
import Testing

/// A row with a document.
private struct Gadget: Model {
    var id = 0
    var name = ""
    var settings: JSONValue?

    static let appLabel = "library"
    static let table = Table<Gadget>(.auto(\.id), .char(\.name, maxLength: 50), .json(\.settings))
}

@Suite(.library) struct JSONExpressionTests {
    private static let documents: [(String, String?)] = [
        ("ann", #"{"a": {"b": [1, 2.5, "x"]}, "n": null, "t": true, "s": "text", "i": 7}"#),
        ("bob", #"{"a": [], "s": "Text", "i": 7.0, "big": 123456789012345678901234567890, "ü\"\\": 1}"#),
        ("cem", #"[1, {"k": "v"}, "s"]"#),
        ("dot", #""s""#),
        ("eva", "null"),
        ("fay", nil),
    ]

    private func prepare() async throws {
        let database = try Database.current
        let type = database.dialect.name == "postgresql" ? "jsonb" : "text"
        try await LibraryDatabase.create(
            """
            CREATE TABLE "library_gadget" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
            "name" varchar(50) NOT NULL, "settings" \(type))
            """)
        for (name, document) in Self.documents { try await Self.insert(name, document) }
    }

    /// Inserts a document as it is written, which a value of the model would normalize.
    private static func insert(_ name: String, _ document: String?) async throws {
        let database = try Database.current
        let places = "\(database.dialect.placeholder(1)), \(database.dialect.placeholder(2))"
        try await database.execute(
            Statement(
                "INSERT INTO library_gadget (name, settings) VALUES (\(places))",
                [.text(name), document.map(SQLValue.json) ?? .null]))
    }

    private func names(_ query: QuerySet<Gadget>) async throws -> [String] {
        try await query.all().map(\.name).sorted()
    }

    private struct FilterCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let expected: [String]
        let condition: @Sendable (JSONPath) -> Condition

        init(_ name: String, _ expected: [String], _ condition: @escaping @Sendable (JSONPath) -> Condition) {
            testDescription = name
            self.expected = expected
            self.condition = condition
        }
    }

    private static let filters = [
        FilterCase("a path of keys and positions", ["ann"]) { $0["a"]["b"][2].as(String.self) == "x" },
        FilterCase("a position from the end", ["ann"]) { $0["a"]["b"][-1].as(String.self) == "x" },
        FilterCase("a position beyond the end", []) { $0["a"]["b"][9].as(String.self) == "x" },
        FilterCase("a whole number", ["ann", "bob"]) { $0["i"].as(Int.self) == 7 },
        FilterCase("a fraction as a whole number", ["ann"]) { $0["a"]["b"][1].as(Int.self) == 2 },
        FilterCase("a number", ["ann"]) { $0["a"]["b"][1].as(Double.self) > 2.4 },
        FilterCase("a number of many digits is none of 64 bits", []) { $0["big"].as(Int.self) > 0 },
        FilterCase("a number of many digits", ["bob"]) { $0["big"].as(Double.self) > 1e29 },
        FilterCase("text is no number", []) { $0["s"].as(Int.self) > -1000 },
        FilterCase("a number is text too", ["ann"]) { $0["a"]["b"][0].as(String.self) == "1" },
        FilterCase("a truth value", ["ann"]) { ($0["t"].as(Bool.self) ?? false) == true },
        FilterCase("a truth value as text", ["ann"]) { $0["t"].as(String.self) == "true" },
        FilterCase("text without regard to case", ["ann", "bob"]) { $0["s"].as(String.self).iexact("TEXT") },
        FilterCase("a function of text", ["ann", "bob"]) { $0["s"].as(String.self).lower() == "text" },
        FilterCase("null is there", ["ann"]) { $0["n"].isJSONNull },
        FilterCase("a document that is null", ["eva"]) { $0.isJSONNull },
        FilterCase("a key that is missing", ["bob", "cem", "dot", "eva", "fay"]) { $0["n"].isNull },
        FilterCase("a key that is there", ["ann"]) { !$0["n"].isNull },
        FilterCase("a key with a quote and a backslash", ["bob"]) { $0["ü\"\\"].as(Int.self) == 1 },
        FilterCase("such a key is missing elsewhere", ["ann", "cem", "dot", "eva", "fay"]) { $0["ü\"\\"].isNull },
        FilterCase("equal documents", ["ann"]) { $0["a"] == ["b": [1, 2.5, "x"]] },
        FilterCase("equal numbers", ["ann", "bob"]) { $0["i"] == 7 },
        FilterCase("equal to null", ["ann"]) { $0["n"] == .null },
        FilterCase("not equal", ["bob", "cem", "dot", "eva", "fay"]) { $0["n"] != .null },
        FilterCase("one of the values", ["ann", "bob"]) { $0["s"].in(["Text", "text", 5]) },
        FilterCase("one of none", []) { $0["s"].in([]) },
        FilterCase("has a key", ["ann", "bob"]) { $0.hasKey("s") && $0.hasKey("i") },
        FilterCase("has a key or a string", ["ann", "bob", "cem", "dot"]) { $0.hasKey("s") },
        FilterCase("has all keys", ["ann"]) { $0.hasKeys(["n", "t"]) },
        FilterCase("has any key", ["ann", "bob"]) { $0.hasAnyKeys(["big", "t"]) },
        FilterCase("has a key with a quote", ["bob"]) { $0.hasKey("ü\"\\") },
        FilterCase("has a key in a place", ["ann"]) { $0["a"].hasKey("b") },
        FilterCase("contains members", ["ann"]) { $0.contains(["a": ["b": [2.5]], "t": true]) },
        FilterCase("contains an element", ["cem"]) { $0.contains([["k": "v"]]) },
        FilterCase("an array contains a value that is no array", ["cem", "dot"]) { $0.contains("s") },
        FilterCase("contains nothing in particular", ["ann", "bob"]) { $0.contains([:]) },
        FilterCase("is contained", ["cem", "dot"]) { $0.containedBy(["s", 1, ["k": "v", "l": 2]]) },
    ]

    @Test func `documents are filtered alike`() async throws {
        try await prepare()
        for example in Self.filters {
            let found = try await names(Gadget.objects.filter { example.condition($0.json(\.settings)) })
            #expect(found == example.expected, "\(example.testDescription)")
            let others = try await names(Gadget.objects.exclude { example.condition($0.json(\.settings)) })
            let expected = Self.documents.map(\.0).filter { !example.expected.contains($0) }
            #expect(others == expected, "not \(example.testDescription)")
        }
    }

    @Test func `one of a thousand values is found`() async throws {
        try await prepare()
        let values = (1...1_000).map { JSONValue.int($0) }
        #expect(try await names(Gadget.objects.filter { $0.json(\.settings)["i"].in(values) }) == ["ann", "bob"])
        #expect(
            try await names(Gadget.objects.exclude { $0.json(\.settings)["i"].in(values) })
                == ["cem", "dot", "eva", "fay"])
    }

    @Test func `places in a document are values and orders`() async throws {
        try await prepare()
        let rows: [(String, String?, Int?)] = try await Gadget.objects
            .order { ($0.json(\.settings)["s"].as(String.self).descending.nullsLast, $0.name) }
            .values { ($0.name, $0.json(\.settings)["s"].as(String.self), $0.json(\.settings)["i"].as(Int.self)) }
        #expect(rows.map(\.0).suffix(4) == ["cem", "dot", "eva", "fay"])
        #expect(Set(rows.prefix(2).compactMap(\.1)) == ["text", "Text"])
        #expect(rows.map(\.2) == [7, 7, nil, nil, nil, nil])
    }

    @Test func `any text is a key`() async throws {
        try await prepare()
        for key in FunctionTests.hostile + ["", "$", "$.a", "a.b", "[0]", "#-1", ",", "a,b", "NULL"] {
            let settings = String(decoding: try JSON.encode([key: ["found": key]]), as: UTF8.self)
            let name = "\(key.count) \(key.prefix(30))"
            try await Self.insert(name, settings)
            func found(_ condition: (JSONPath) -> Condition) async throws -> Bool {
                try await names(Gadget.objects.filter { condition($0.json(\.settings)) }) == [name]
            }
            #expect(try await found { $0[key]["found"].as(String.self) == key }, "\(key)")
            #expect(try await found { !$0[key].isNull }, "\(key)")
            #expect(try await found { $0.hasKey(key) }, "\(key)")
            #expect(try await found { $0[key] == ["found": .string(key)] }, "\(key)")
        }
    }

    @Test func `documents are made by the database`() async throws {
        try await Person.objects.create(Person(name: "Ann \"A\"", isActive: true))
        let rows: [(JSONDocumentText, JSONDocumentText)] = try await Person.objects.values {
            (
                jsonObject(
                    ("name", $0.name), ("nickname", $0.nickname), ("isActive", $0.isActive), ("it's", Expr(1.5)),
                    ("list", jsonArray($0.id, Expr("x")))),
                jsonArray()
            )
        }
        let row = try #require(rows.first)
        #expect(
            try row.0.value == ["name": "Ann \"A\"", "nickname": nil, "isActive": true, "it's": 1.5, "list": [1, "x"]])
        #expect(try row.1.value == [])
    }
}
