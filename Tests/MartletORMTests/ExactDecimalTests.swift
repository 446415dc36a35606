import FoundationEssentials
import MartletORM
import Testing

@Suite struct ExactDecimalTests {
    struct Reading: Sendable, CustomTestStringConvertible {
        let text: String
        let written: String?
        var testDescription: String { text.debugDescription }
    }

    static let readings = [
        Reading(text: "0", written: "0"), Reading(text: "-0", written: "0"), Reading(text: "0.000", written: "0"),
        Reading(text: "10.08", written: "10.08"), Reading(text: "10.80", written: "10.8"),
        Reading(text: "-0.5", written: "-0.5"), Reading(text: "+7", written: "7"),
        Reading(text: "1e3", written: "1000"),
        Reading(text: "1.5E-7", written: "0.00000015"), Reading(text: "100e-2", written: "1"),
        Reading(text: "10000", written: "10000"), Reading(text: "000123.4500", written: "123.45"),
        Reading(
            text: "99999999999999999999999999999999999999", written: "99999999999999999999999999999999999999"),
        Reading(text: "0.00000000000000000000000000000000000001", written: "0.00000000000000000000000000000000000001"),
        Reading(text: "1" + String(repeating: "0", count: 100), written: "1" + String(repeating: "0", count: 100)),
        // One digit more than is held whatever the digits are.
        Reading(text: "100000000000000000000000000000000000001", written: nil),
        Reading(text: "1e200", written: nil), Reading(text: "1e-200", written: nil), Reading(text: "", written: nil),
        Reading(text: ".", written: nil), Reading(text: "-", written: nil), Reading(text: "1e", written: nil),
        Reading(text: "1e+", written: nil), Reading(text: "1e99999999999", written: nil),
        Reading(text: "NaN", written: nil), Reading(text: "Infinity", written: nil), Reading(text: "1,5", written: nil),
        Reading(text: "1.2.3", written: nil), Reading(text: " 1", written: nil), Reading(text: "1 ", written: nil),
        Reading(text: "٣", written: nil), Reading(text: "1_000", written: nil), Reading(text: "0x10", written: nil),
        Reading(text: "1\0", written: nil), Reading(text: "1'; DROP TABLE x--", written: nil),
    ]

    @Test(arguments: readings)
    func `a number is read with all its digits, or not at all`(_ example: Reading) throws {
        let number = ExactDecimal(example.text)
        #expect(number?.text() == example.written)
        guard let number, let written = example.written else { return }
        #expect(number.decimal == Decimal(string: written))
        #expect(ExactDecimal(number.decimal) == number)
    }

    @Test func `long hostile texts are refused at once`() {
        #expect(ExactDecimal(String(repeating: "9", count: 1_000_000)) == nil)
        #expect(ExactDecimal(String(repeating: "0", count: 1_000_000))?.text() == "0")
        #expect(ExactDecimal("1." + String(repeating: "0", count: 1_000_000) + "1") == nil)
    }

    @Test func `arithmetic is exact, or fails`() throws {
        func number(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }
        #expect(try number("0.1").adding(number("0.2")) == number("0.3"))
        #expect(try number("1").subtracting(number("0.9999999999999999999999999999")) == number("1e-28"))
        #expect(try number("-3").adding(number("3")) == .zero)
        #expect(try number("1.1").multiplied(by: number("-1.1")) == number("-1.21"))
        #expect(try number("1e30").adding(number("1e-10")) == nil)
        #expect(try number("1e30").multiplied(by: number("1e120")) == nil)
        #expect(try number("0").adding(number("1e-30")) == number("1e-30"))
    }

    @Test func `a half goes to the even digit, or away from zero`() throws {
        let cases: [(String, Int, String, String)] = [
            ("10.005", 2, "10", "10.01"), ("10.015", 2, "10.02", "10.02"), ("-10.005", 2, "-10", "-10.01"),
            ("0.5", 0, "0", "1"), ("1.5", 0, "2", "2"), ("2.5", 0, "2", "3"), ("9.995", 2, "10", "10"),
            ("0.0000001", 2, "0", "0"), ("12", 2, "12", "12"), ("10.0050001", 2, "10.01", "10.01"),
            (
                "99999999999999999999999999999999999999.0", 0, "99999999999999999999999999999999999999",
                "99999999999999999999999999999999999999"
            ),
        ]
        for (text, places, even, up) in cases {
            let number = try #require(ExactDecimal(text))
            #expect(number.rounded(places: places).text() == even, "\(text)")
            #expect(number.rounded(places: places, .halfUp).text() == up, "\(text)")
        }
    }

    @Test func `numbers have the order of their values`() throws {
        let texts = [
            "-1e30", "-10", "-9.5", "-0.25", "-1e-30", "0", "1e-30", "0.25", "0.5", "9", "9.0000001", "10", "1e30",
            "1000000000000000000000000000000.5",
        ]
        let numbers = try texts.map { try #require(ExactDecimal($0)) }
        #expect(numbers.shuffled().sorted() == numbers)
        for (index, number) in numbers.enumerated() {
            for (other, right) in numbers.enumerated() { #expect((number < right) == (index < other)) }
        }
    }

    @Test func `a binary number is the decimal of few digits that it was made from`() throws {
        for text in ["10.08", "0.1", "0.3", "123456789012.345", "-99999999.99", "1e-5", "0"] {
            let binary = try #require(Double(text))
            #expect(ExactDecimal(binary) == ExactDecimal(text), "\(text)")
        }
        #expect(ExactDecimal(0.1 + 0.2) == ExactDecimal("0.3"))
        #expect(ExactDecimal(Double.nan) == nil && ExactDecimal(Double.infinity) == nil)
    }
}
