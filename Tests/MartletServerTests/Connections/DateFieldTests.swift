import Testing

@testable import MartletServer

@Suite struct DateFieldTests {
    // RFC 9110 §5.6.7
    @Test(arguments: [
        (784_111_777, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
        (0, "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"),
        (1_709_251_199, "Date: Thu, 29 Feb 2024 23:59:59 GMT\r\n"),
    ])
    func `a date is written as IMF-fixdate`(_ seconds: Int, _ line: String) {
        #expect(String(decoding: DateField.render(seconds), as: UTF8.self) == line)
    }
}
