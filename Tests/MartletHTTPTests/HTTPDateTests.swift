import FoundationEssentials
import MartletHTTP
import Testing

@Suite struct HTTPDateTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let seconds: Double?
    }

    // RFC 9110 §5.6.7; seconds from django.utils.http.parse_http_date_safe
    static let cases = [
        Case(testDescription: "the fixed-length form", text: "Sun, 06 Nov 1994 08:49:37 GMT", seconds: 784_111_777),
        Case(testDescription: "RFC 850", text: "Sunday, 06-Nov-94 08:49:37 GMT", seconds: 784_111_777),
        Case(testDescription: "asctime", text: "Sun Nov  6 08:49:37 1994", seconds: 784_111_777),
        Case(
            testDescription: "a two-digit year from 70 on is 19xx (Django asks the clock)",
            text: "Friday, 06-Nov-70 08:49:37 GMT", seconds: 26_729_377),
        Case(testDescription: "the epoch", text: "Thu, 01 Jan 1970 00:00:00 GMT", seconds: 0),
        Case(testDescription: "a leap day", text: "Mon, 29 Feb 2016 23:59:59 GMT", seconds: 1_456_790_399),
        Case(testDescription: "before the epoch", text: "Wed, 28 Feb 1900 12:00:00 GMT", seconds: -2_203_934_400),
        Case(testDescription: "the end", text: "Fri, 31 Dec 9999 23:59:59 GMT", seconds: 253_402_300_799),
        Case(testDescription: "31 November", text: "Wed, 31 Nov 2016 00:00:00 GMT", seconds: nil),
        Case(testDescription: "29 February in a common year", text: "Tue, 29 Feb 2015 00:00:00 GMT", seconds: nil),
        Case(testDescription: "24 o'clock", text: "Sun, 06 Nov 1994 24:00:00 GMT", seconds: nil),
        Case(testDescription: "another zone", text: "Sun, 06 Nov 1994 08:49:37 CET", seconds: nil),
        Case(testDescription: "no zone", text: "Sun, 06 Nov 1994 08:49:37", seconds: nil),
        Case(testDescription: "day 0", text: "Sun, 00 Nov 1994 08:49:37 GMT", seconds: nil),
        Case(testDescription: "a sign", text: "Sun, +6 Nov 1994 08:49:37 GMT", seconds: nil),
        Case(testDescription: "empty", text: "", seconds: nil),
        Case(
            testDescription: "a number that overflows", text: "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
            seconds: nil),
    ]

    @Test(arguments: cases)
    func `a date is read or refused`(_ example: Case) {
        #expect(Date(httpDate: example.text)?.timeIntervalSince1970 == example.seconds)
    }

    @Test func `a date is written in the fixed-length form, and read back`() {
        #expect(Date(timeIntervalSince1970: 784_111_777.9).httpDate == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(Date(timeIntervalSince1970: -0.5).httpDate == "Wed, 31 Dec 1969 23:59:59 GMT")
        for day in stride(from: -700_000.0, through: 2_900_000, by: 997) {
            let date = Date(timeIntervalSince1970: day * 86_400 + 12_345)
            #expect(Date(httpDate: date.httpDate) == date)
        }
    }

    @Test(arguments: [
        (Double.greatestFiniteMagnitude, "Fri, 31 Dec 9999 23:59:59 GMT"), (1e19, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (.infinity, "Fri, 31 Dec 9999 23:59:59 GMT"), (-1e19, "Mon, 01 Jan 0001 00:00:00 GMT"),
        (-.infinity, "Mon, 01 Jan 0001 00:00:00 GMT"), (.nan, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
    func `a date that four digits of a year cannot say is the nearest that they can`(_ seconds: Double, _ text: String)
    {
        #expect(Date(timeIntervalSince1970: seconds).httpDate == text)
    }
}
