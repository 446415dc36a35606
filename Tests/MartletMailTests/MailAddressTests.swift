import MartletMail
import Testing

@Suite struct MailAddressTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let name: String?
        var address = "ann@example.org"
        var testDescription: String { text.debugDescription }
    }

    static let readable = [
        Case(text: "ann@example.org", name: ""), Case(text: "  ann@example.org ", name: ""),
        Case(text: "Ann <ann@example.org>", name: "Ann"), Case(text: "<ann@example.org>", name: ""),
        Case(text: "\"Author, Ann\" <ann@example.org>", name: "Author, Ann"),
        Case(text: "\"Ann \\\"A\\\"\" <ann@example.org>", name: "Ann \"A\""),
        Case(text: "Änne <ann@example.org>", name: "Änne"),
        Case(text: "root@localhost", name: "", address: "root@localhost"),
        Case(text: "a+b.c_d@sub.example.org", name: "", address: "a+b.c_d@sub.example.org"),
    ]

    @Test(arguments: readable) func `an address is read with its name`(_ example: Case) throws {
        let address = try #require(MailAddress(example.text))
        #expect(address.name == example.name)
        #expect(address.address == example.address)
    }

    static let unreadable = [
        "", "ann", "ann@", "@example.org", "a@b@c", "ann@example.org\r\nBcc: eve@example.org", "ann @example.org",
        "Ann <ann@example.org", "Ann\n <ann@example.org>", "änne@example.org", "ann@exämple.org", "ann@example..org",
        ".ann@example.org", "<ann@example.org> <eve@example.org>@", "ann@example.org>", "ann@example.org\u{0}",
        String(repeating: "a", count: 65) + "@example.org",
    ]

    @Test(arguments: unreadable) func `what could be more or less than one address is refused`(_ text: String) {
        #expect(MailAddress(text) == nil)
    }

    @Test func `a name made in the program cannot begin a header`() {
        #expect(MailAddress(name: "Ann\r\nBcc: eve@example.org", address: "ann@example.org") == nil)
    }
}
