import FoundationEssentials
import MartletJSON
import MartletORM
import MartletValues
import Testing

struct Article: Model {
    enum Status: String, Choices { case draft }

    var id = 0
    var title = "A title"
    var subtitle = ""
    var summary: String?
    var mail = "ann@example.org"
    var homepage = "https://example.org"
    var slug = "a-slug"
    var stars = 3
    var level: Int16 = 0
    var rank: Int?
    var price = Decimal(1)
    var ratio = 0.5
    var code = "AB-1"
    var status = Status.draft
    var startsOn = CalendarDate.first
    var endsOn = CalendarDate.last
    var payload: JSONValue = .null
    var length = Duration.zero

    static let appLabel = "magazine"
    static let table = Table<Article>(
        .auto(\.id),
        .char(\.title, maxLength: 10, validators: [.minLength(3)]),
        .char(\.subtitle, maxLength: 10, blank: true, validators: [.minLength(3)]),
        .text(\.summary),
        .email(\.mail, maxLength: 30),
        .url(\.homepage),
        .slug(\.slug),
        .integer(\.stars, validators: [.minValue(1), .maxValue(5)]),
        .positiveSmallInteger(\.level, validators: [.stepSize(5)]),
        .integer(\.rank, validators: [.minValue(1)]),
        .decimal(\.price, maxDigits: 5, decimalPlaces: 2, validators: [.minValue(0)]),
        .float(\.ratio),
        .char(
            \.code, maxLength: 20,
            validators: [
                .regex("^[A-Z]{2}-[0-9]+$", "Two letters, a dash, digits."),
                Validator("taken", "Not that one.") { $0 != "XX-0" },
            ]),
        .choices(\.status),
        .date(\.startsOn),
        .date(\.endsOn),
        .json(\.payload),
        .duration(\.length)
    )

    func clean() throws(ValidationError) {
        if endsOn < startsOn { throw ValidationError(\Article.endsOn, "The end must be after the start.") }
        if title == slug { throw ValidationError("Title and slug must differ.") }
    }
}

@Suite struct ValidationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout Article) -> Void
        let messages: [String: [String]]

        init(
            _ name: String, _ messages: [String: [String]], _ change: @escaping @Sendable (inout Article) -> Void
        ) {
            testDescription = name
            self.change = change
            self.messages = messages
        }
    }

    // The messages are Django's.
    static let cases = [
        Case("nothing wrong", [:]) { _ in },
        Case("an empty text", ["title": ["This field cannot be blank."]]) { $0.title = "" },
        Case("an empty text that may be", [:]) { $0.subtitle = "" },
        Case("null where it may be", [:]) { $0.summary = nil },
        Case("an empty optional text", ["summary": ["This field cannot be blank."]]) { $0.summary = "" },
        Case("too long", ["title": ["Ensure this value has at most 10 characters (it has 11)."]]) {
            $0.title = "01234567890"
        },
        Case("as long as may be, counted in code points", [:]) { $0.title = "éééééééééé" },
        Case("too short", ["title": ["Ensure this value has at least 3 characters (it has 2)."]]) { $0.title = "ab" },
        Case("a zero byte", ["title": ["Null characters are not allowed."]]) { $0.title = "a\u{0}bc" },
        Case("no e-mail", ["mail": ["Enter a valid email address."]]) { $0.mail = "ann" },
        Case(
            "no e-mail and too long",
            [
                "mail": [
                    "Enter a valid email address.", "Ensure this value has at most 30 characters (it has 31).",
                ]
            ]
        ) { $0.mail = String(repeating: "x", count: 31) },
        Case("no URL", ["homepage": ["Enter a valid URL."]]) { $0.homepage = "javascript:alert(1)" },
        Case(
            "no slug", ["slug": ["Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."]]
        ) { $0.slug = "a slug" },
        Case("too small", ["stars": ["Ensure this value is greater than or equal to 1."]]) { $0.stars = 0 },
        Case("too large", ["stars": ["Ensure this value is less than or equal to 5."]]) { $0.stars = 6 },
        Case(
            "larger than the column and than the validator",
            [
                "stars": [
                    "Ensure this value is less than or equal to 2147483647.",
                    "Ensure this value is less than or equal to 5.",
                ]
            ]
        ) { $0.stars = 1 << 40 },
        Case("negative", ["level": ["Ensure this value is greater than or equal to 0."]]) { $0.level = -5 },
        Case("no step", ["level": ["Ensure this value is a multiple of step size 5."]]) { $0.level = 7 },
        Case("a validator is not asked about null", [:]) { $0.rank = nil },
        Case("an optional number", ["rank": ["Ensure this value is greater than or equal to 1."]]) { $0.rank = 0 },
        Case("too many digits", ["price": ["Ensure that there are no more than 5 digits in total."]]) {
            $0.price = 123_456
        },
        Case("too many places", ["price": ["Ensure that there are no more than 2 decimal places."]]) {
            $0.price = Decimal(sign: .plus, exponent: -3, significand: 1_001)
        },
        Case(
            "too many digits before the point",
            ["price": ["Ensure that there are no more than 3 digits before the decimal point."]]
        ) { $0.price = 1_234 },
        Case("a decimal that is too small", ["price": ["Ensure this value is greater than or equal to 0."]]) {
            $0.price = -1
        },
        Case("a decimal that is no number", ["price": ["Enter a number."]]) { $0.price = .nan },
        Case("a float that is no number", ["ratio": ["Enter a number."]]) { $0.ratio = .infinity },
        Case("a regular expression", ["code": ["Two letters, a dash, digits."]]) { $0.code = "AB-1x" },
        Case("a validator of one's own", ["code": ["Not that one."]]) { $0.code = "XX-0" },
        Case("a document that JSON cannot say", ["payload": []]) { $0.payload = .double(.nan) },
        Case(
            "a length that no column holds", ["length": ["Ensure this value is less than or equal to 106751991 days."]]
        ) {
            $0.length = .seconds(Int64.max)
        },
        Case("values together, at a field", ["ends_on": ["The end must be after the start."]]) {
            ($0.startsOn, $0.endsOn) = ($0.endsOn, $0.startsOn)
        },
        Case("values together", ["__all__": ["Title and slug must differ."]]) {
            ($0.title, $0.slug) = ("same", "same")
        },
        Case(
            "everything at once",
            [
                "title": ["This field cannot be blank."], "mail": ["Enter a valid email address."],
                "stars": ["Ensure this value is greater than or equal to 1."],
                "ends_on": ["The end must be after the start."],
            ]
        ) {
            ($0.title, $0.mail, $0.stars) = ("", "x", -1)
            ($0.startsOn, $0.endsOn) = ($0.endsOn, $0.startsOn)
        },
    ]

    @Test(arguments: cases)
    func `validation finds what is wrong`(_ example: Case) throws {
        var article = Article()
        example.change(&article)
        do throws(ValidationError) {
            try article.validate()
            #expect(example.messages.isEmpty)
        } catch {
            if example.messages["payload"] != nil {
                #expect(error.messages["payload"]?.first?.hasPrefix("Value must be valid JSON (") == true)
            } else {
                #expect(error.messages == example.messages)
            }
        }
    }

    @Test func `problems have Django's codes, and come in the order of the fields`() throws {
        var article = Article()
        (article.title, article.mail, article.stars) = ("", "x", 9)
        let error = #expect(throws: ValidationError.self) { try article.validate() }
        #expect(error?.problems.map(\.code) == ["blank", "invalid", "max_value"])
        #expect(error?.messages(for: \Article.mail) == ["Enter a valid email address."])
        #expect(
            error?.description
                == "title: This field cannot be blank. mail: Enter a valid email address. "
                + "stars: Ensure this value is less than or equal to 5.")
    }

    private struct Broken: Model {
        var id = 0
        var code = ""
        var amount = Decimal(0)
        var level = 0

        static let appLabel = "magazine"
        static let table = Table<Broken>(
            .auto(\.id), .char(\.code, maxLength: 5, validators: [.regex("[")]),
            .decimal(\.amount, maxDigits: 2, decimalPlaces: 3), .integer(\.level, validators: [.stepSize(0)]))
    }

    @Test func `a validator or a field that cannot work is found when the site is checked`() {
        let problems = Broken.tableProblems.joined()
        #expect(problems.contains("'[' is no regular expression."))
        #expect(problems.contains("'amount' has maxDigits 2 and decimalPlaces 3."))
        #expect(problems.contains("step size of a validator is 0"))
    }

    struct TextCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let validator: Validator<String>
        let valid: [String]
        let invalid: [String]
        let message: String
    }

    static let texts = [
        TextCase(
            testDescription: "integer", validator: .integer, valid: ["42", "-42"],
            invalid: ["-42.5", "a", "\n42", "42\n"],
            message: "Enter a valid integer."),
        TextCase(
            testDescription: "slug", validator: .slug, valid: ["slug-ok", "longer-slug_ok", "-------", "_____", "9"],
            invalid: [" ", "a.b", "a b", "ä", "あ", "trailing-newline\n", "/"],
            message: "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
        TextCase(
            testDescription: "Unicode slug", validator: .unicodeSlug, valid: ["slug-ok", "你-好", "ü_9"],
            invalid: [" ", "a.b", "😀", "some@mail.com"],
            message: "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens."),
        TextCase(
            testDescription: "IPv4", validator: .ipv4Address, valid: ["1.1.1.1", "255.0.0.0", "0.0.0.0"],
            invalid: ["256.1.1.1", "25.1.1.", "25,1,1,1", "25.1 .1.1", "1.1.1.1\n", "::1", "01.1.1.1", "[1.1.1.1]"],
            message: "Enter a valid IPv4 address."),
        TextCase(
            testDescription: "IPv6", validator: .ipv6Address,
            valid: ["fe80::1", "::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"],
            invalid: ["1:2", "::zzz", "12345::", "1.1.1.1", "[::1]", "::1\n"], message: "Enter a valid IPv6 address."),
        TextCase(
            testDescription: "IP", validator: .ipAddress, valid: ["1.1.1.1", "fe80::1"],
            invalid: ["256.1.1.1", "12345::", "'; DROP TABLE x--", "1.1.1.1\u{0}"],
            message: "Enter a valid IPv4 or IPv6 address."),
        TextCase(
            testDescription: "digits with commas", validator: .commaSeparatedIntegers,
            valid: ["1", "12", "1,2", "10,32"],
            invalid: ["1,2,", "a", "1, 2", "1,,2", ",", "1\n"], message: "Enter only digits separated by commas."),
        TextCase(
            testDescription: "domain", validator: .domainName,
            valid: [
                "000000.org", "python.org", "python.co.uk", "مثال.إختبار", "valid.co.", "xn--7sbb4ac0ad0be6cf.xn--p1ai",
            ],
            invalid: [
                "example", "python..org", "python-.org", "-python.org", "stupid-name试", "a.1",
                String(repeating: "a.", count: 200) + "org",
            ],
            message: "Enter a valid domain name."),
        TextCase(
            testDescription: "extension", validator: .fileExtension(["txt", "PDF"]),
            valid: ["file.txt", "a/b.TXT", "x.pdf"],
            invalid: ["file.jpg"],
            message: "File extension “jpg” is not allowed. Allowed extensions are: txt, pdf."),
        TextCase(
            testDescription: "no extension", validator: .fileExtension(["txt"]), valid: ["a.b.txt"],
            invalid: ["file", ".txt", "a.txt/b", "file."],
            message: "File extension “” is not allowed. Allowed extensions are: txt."),
        TextCase(
            testDescription: "an expression that must not be found", validator: .regex("x", inverse: true),
            valid: ["abc"],
            invalid: ["axc"], message: "Enter a valid value."),
        TextCase(
            testDescription: "one character", validator: .maxLength(1), valid: ["é", ""], invalid: ["ab"],
            message: "Ensure this value has at most 1 character (it has 2)."),
    ]

    @Test(arguments: texts)
    func `a validator of text says yes or Django's sentence`(_ example: TextCase) {
        for text in example.valid { #expect(example.validator.problem(with: text) == nil, "\(text.debugDescription)") }
        for text in example.invalid {
            #expect(example.validator.problem(with: text) == example.message, "\(text.debugDescription)")
        }
    }

    @Test func `bounds are those of every type that has an order`() {
        #expect(
            Validator<Double>.maxValue(0.5).problem(with: 0.75) == "Ensure this value is less than or equal to 0.5.")
        #expect(
            Validator<CalendarDate>.minValue(.last).problem(with: .first)
                == "Ensure this value is greater than or equal to 9999-12-31.")
        #expect(Validator<TimeOfDay>.minValue(.midnight).problem(with: .midnight) == nil)
        #expect(Validator<Duration>.maxValue(.seconds(1)).problem(with: .seconds(2)) != nil)
        #expect(
            Validator<Date>.maxValue(Date(timeIntervalSince1970: 0)).problem(with: Date(timeIntervalSince1970: 1))
                != nil)
        #expect(Validator<Decimal>.minValue(1).problem(with: Decimal(0)) != nil)
    }
}
