import FoundationEssentials
import MartletHTTP
import Testing

@Suite struct TypedFieldTests {
    enum Status: String, CaseIterable { case draft, published }
    enum Priority: Int, CaseIterable { case low = 1, high = 2 }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let query: String
        let read: @Sendable (FormFields) throws -> String?
        /// What is read, as text; `nil` for a name that is absent.
        var value: String?

        init(
            _ description: String, _ query: String, _ value: String?,
            _ read: @escaping @Sendable (FormFields) throws -> (any Sendable)?
        ) {
            testDescription = description
            self.query = query
            self.value = value
            self.read = { try read($0).map { "\($0)" } }
        }
    }

    private static let id = "0190b6a5-7c3e-7b3a-9d2f-1f2e3d4c5b6a"

    static let cases = [
        Case("an integer", "n=42", "42") { try $0.int("n") },
        Case("a negative integer", "n=-42", "-42") { try $0.int("n") },
        Case("the default", "", "7") { try $0.int("n", default: 7, in: 1...9) },
        Case("an absent name", "", nil) { try $0.int("n") },
        Case("the last of two values, as in Django", "n=1&n=2", "2") { try $0.int("n") },
        Case("a double", "x=-1.5e3", "-1500.0") { try $0.double("x") },
        Case("a double without a leading zero", "x=.5", "0.5") { try $0.double("x") },
        Case("a decimal keeps its digits", "p=19.90", "19.9") { try $0.decimal("p") },
        Case("a decimal that no Double holds", "p=0.1000000000000000000000001", "0.1000000000000000000000001") {
            try $0.decimal("p")
        },
        Case("a boolean", "b=Yes", "true") { try $0.bool("b") },
        Case("a UUID", "id=\(id)", id.uppercased()) { try $0.uuid("id") },
        Case("a UUID in capitals", "id=\(id.uppercased())", id.uppercased()) { try $0.uuid("id") },
        Case("a day", "d=2026-01-31", "1769817600.0") { try $0.date("d")?.timeIntervalSince1970 },
        Case("a leap day", "d=2024-02-29", "1709164800.0") { try $0.date("d")?.timeIntervalSince1970 },
        Case("a moment", "t=2026-01-31T09:05:00Z", "1769850300.0") { try $0.dateTime("t")?.timeIntervalSince1970 },
        Case("a moment with an offset", "t=2026-01-31T11:05:00%2B02:00", "1769850300.0") {
            try $0.dateTime("t")?.timeIntervalSince1970
        },
        Case("a choice", "s=published", "published") { try $0.choice("s", of: Status.self) },
        Case("a choice by number", "p=2", "high") { try $0.choice("p", of: Priority.self) },
        Case("the default of a choice", "", "draft") { try $0.choice("s", default: Status.draft) },
        Case("a list", "id=1&id=2&x=3", "[1, 2]") { try $0.list("id", of: Int.self) },
        Case("an empty list", "", "[]") { try $0.list("id", of: Int.self) },
        Case("a list of choices", "s=draft&s=published", "2") { try $0.choices("s", of: Status.self).count },
        Case("what must be there", "n=5", "5") { try $0.require("n", as: Int.self) },
        Case("any type", "n=5", "5") { try $0.value("n", as: Int.self) },
        Case("text", "n=+", " ") { try $0.value("n", as: String.self) },
    ]

    @Test(arguments: cases)
    func `a value is read as a type`(_ example: Case) throws {
        let query = try Request.make(query: example.query).query
        #expect(try example.read(query) == example.value)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let query: String
        let rule: InputProblem.Rule
        let message: String
        let read: @Sendable (FormFields) throws -> Void

        init(
            _ description: String, _ query: String, _ rule: InputProblem.Rule, _ message: String,
            _ read: @escaping @Sendable (FormFields) throws -> (any Sendable)?
        ) {
            testDescription = description
            self.query = query
            self.rule = rule
            self.message = message
            self.read = { _ = try read($0) }
        }
    }

    static let refusals = [
        Refusal("text", "n=x", .integer, "must be a whole number, but it is 'x'") { try $0.int("n") },
        Refusal("nothing", "n=", .integer, "must be a whole number, but it is ''") { try $0.int("n") },
        Refusal("other digits", "n=%D9%A3", .integer, "must be a whole number, but it is '٣'") { try $0.int("n") },
        Refusal("more than 64 bits", "n=9223372036854775808", .integer, "must be a whole number") { try $0.int("n") },
        Refusal("NUL", "n=1%00", .integer, "must be a whole number") { try $0.int("n") },
        Refusal("beyond the range", "n=10", .range, "must be between 1 and 9, but it is '10'") {
            try $0.int("n", default: 1, in: 1...9)
        },
        Refusal("not a number", "n=nan", .number, "must be a number, but it is 'nan'") { try $0.double("n") },
        Refusal("infinity", "n=1e999", .number, "must be a number, but it is '1e999'") { try $0.double("n") },
        Refusal("a hexadecimal number", "n=0x10", .number, "must be a number, but it is '0x10'") {
            try $0.double("n")
        },
        Refusal("text behind a number", "n=1.5kg", .decimal, "must be a decimal number of at most 38 digits") {
            try $0.decimal("n")
        },
        Refusal("a comma", "n=1,5", .decimal, "must be a decimal number of at most 38 digits") { try $0.decimal("n") },
        Refusal("39 digits", "n=1.00000000000000000000000000000000000001", .decimal, "at most 38 digits") {
            try $0.decimal("n")
        },
        Refusal("no truth value", "n=2", .boolean, "must be 'true' or 'false', but it is '2'") { try $0.bool("n") },
        Refusal("no UUID", "n=0190b6a5", .uuid, "must be a UUID, but it is '0190b6a5'") { try $0.uuid("n") },
        Refusal("a day that does not exist", "n=2026-02-29", .date, "must be a date such as 2026-01-31") {
            try $0.date("n")
        },
        Refusal("another way to write a day", "n=31.01.2026", .date, "must be a date such as 2026-01-31") {
            try $0.date("n")
        },
        Refusal("a short day", "n=2026-1-31", .date, "must be a date such as 2026-01-31") { try $0.date("n") },
        Refusal("a moment without an offset", "n=2026-01-31T09:05:00", .dateTime, "must be a moment such as") {
            try $0.dateTime("n")
        },
        Refusal(
            "no choice", "n=gone", .choice, "must be one of 'draft', 'published', but it is 'gone'",
            { try $0.choice("n", of: Status.self) }),
        Refusal("no choice by number", "n=low", .choice, "must be one of '1', '2'") {
            try $0.choice("n", of: Priority.self)
        },
        Refusal("one of a list", "n=1&n=x", .integer, "must be a whole number, but it is 'x'") {
            try $0.list("n", of: Int.self)
        },
        Refusal("one of a list of choices", "n=draft&n=x", .choice, "must be one of 'draft', 'published'") {
            try $0.choices("n", of: Status.self)
        },
        Refusal("missing", "", .required, "is missing") { try $0.require("n", as: Int.self) },
        Refusal("missing text", "N=1", .required, "is missing") { try $0.require("n") },
        Refusal("markup is quoted, and at no length", "n=" + String(repeating: "<", count: 900), .uuid, "<…'") {
            try $0.uuid("n")
        },
    ]

    @Test(arguments: refusals)
    func `a value of another type is a 400 with the field and the rule`(_ example: Refusal) throws {
        let query = try Request.make(query: example.query).query
        let error = try #require(throws: HTTPError.self) { try example.read(query) }
        #expect(error.status == .badRequest)
        #expect(error.input == InputProblem(field: "n", rule: example.rule))
        #expect(error.message.hasPrefix("The query parameter 'n' "))
        #expect(error.message.contains(example.message))
        #expect(error.message.count < 200)
    }

    @Test func `a form says that it is a form`() async throws {
        let request = try Request.make(
            .post, headers: ["Content-Type": "application/x-www-form-urlencoded"], body: "age=old")
        let form = try await request.form()
        let error = try #require(throws: HTTPError.self) { try form.int("age") }
        #expect(error.message == "The form field 'age' must be a whole number, but it is 'old'.")
    }

    struct Colour: FormValue {
        let red: Int
        init?(formText: String) {
            guard formText.hasPrefix("#"), let red = Int(formText.dropFirst(), radix: 16) else { return nil }
            self.red = red
        }
        static let formRule = FormRule(InputProblem.Rule("colour"), "a colour such as #ff")
    }

    @Test func `a type of one's own is read like the others`() throws {
        #expect(try Request.make(query: "c=%23ff").query.require("c", as: Colour.self).red == 255)
        let error = try #require(throws: HTTPError.self) {
            try Request.make(query: "c=red").query.value("c", as: Colour.self)
        }
        #expect(error.message == "The query parameter 'c' must be a colour such as #ff, but it is 'red'.")
        #expect(error.input?.rule.description == "colour")
    }
}
