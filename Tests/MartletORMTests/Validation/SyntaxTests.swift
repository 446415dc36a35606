import Testing

@testable import MartletORM

/// The expectations are those of Django 5.2's tests of its validators.
@Suite struct SyntaxTests {
    static let urls = [
        "http://www.djangoproject.com/",
        "HTTP://WWW.DJANGOPROJECT.COM/",
        "http://localhost/",
        "http://example.com/",
        "http://example.com:0",
        "http://example.com:0/",
        "http://example.com:65535",
        "http://example.com:65535/",
        "http://example.com./",
        "http://www.example.com/",
        "http://www.example.com:8000/test",
        "http://valid-with-hyphens.com/",
        "http://subdomain.example.com/",
        "http://200.8.9.10/",
        "http://200.8.9.10:8000/test",
        "http://su--b.valid-----hyphens.com/",
        "http://example.com?something=value",
        "http://example.com/index.php?something=value&another=value2",
        "https://example.com/",
        "ftp://example.com/",
        "ftps://example.com/",
        "http://foo.com/blah_blah",
        "http://foo.com/blah_blah/",
        "http://foo.com/blah_blah_(wikipedia)",
        "http://foo.com/blah_blah_(wikipedia)_(again)",
        "http://www.example.com/wpstyle/?p=364",
        "https://www.example.com/foo/?bar=baz&inga=42&quux",
        "http://✪df.ws/123",
        "http://userid@example.com",
        "http://userid@example.com/",
        "http://userid@example.com:8080",
        "http://userid@example.com:8080/",
        "http://userid@example.com:65535",
        "http://userid@example.com:65535/",
        "http://userid:@example.com",
        "http://userid:@example.com/",
        "http://userid:@example.com:8080",
        "http://userid:@example.com:8080/",
        "http://userid:password@example.com",
        "http://userid:password@example.com/",
        "http://userid:password@example.com:8",
        "http://userid:password@example.com:8/",
        "http://userid:password@example.com:8080",
        "http://userid:password@example.com:8080/",
        "http://userid:password@example.com:65535",
        "http://userid:password@example.com:65535/",
        "http://142.42.1.1/",
        "http://142.42.1.1:8080/",
        "http://➡.ws/䨹",
        "http://⌘.ws",
        "http://⌘.ws/",
        "http://foo.com/blah_(wikipedia)#cite-1",
        "http://foo.com/blah_(wikipedia)_blah#cite-1",
        "http://foo.com/unicode_(✪)_in_parens",
        "http://foo.com/(something)?after=parens",
        "http://☺.damowmow.com/",
        "http://djangoproject.com/events/#&product=browser",
        "http://j.mp",
        "ftp://foo.bar/baz",
        "http://foo.bar/?q=Test%20URL-encoded%20stuff",
        "http://مثال.إختبار",
        "http://例子.测试",
        "http://उदाहरण.परीक्षा",
        "https://މިހާރު.com",
        "http://-.~_!$&'()*+,;=%40:80%2f@example.com",
        "http://xn--7sbb4ac0ad0be6cf.xn--p1ai",
        "http://1337.net",
        "http://a.b-c.de",
        "http://223.255.255.254",
        "ftps://foo.bar/",
        "http://10.1.1.254",
        "http://[FEDC:BA98:7654:3210:FEDC:BA98:7654:3210]:80/index.html",
        "http://[::192.9.5.5]/ipng",
        "http://[::ffff:192.9.5.5]/ipng",
        "http://[::1]:8080/",
        "http://0.0.0.0/",
        "http://255.255.255.255",
        "http://224.0.0.0",
        "http://224.1.1.1",
        "http://111.112.113.114/",
        "http://88.88.88.88/",
        "http://11.12.13.14/",
        "http://10.20.30.40/",
        "http://1.2.3.4/",
        "http://127.0.01.09.home.lan",
        "http://dashintld.c-m",
        "http://multipledashintld.a-b-c",
        "http://evenmoredashintld.a---c",
        "http://dashinpunytld.xn---c",
    ]

    @Test(arguments: urls)
    func `a URL is taken`(_ text: String) {
        #expect(URLSyntax.isURL(text, schemes: URLSyntax.schemes))
    }

    static let noURLs = [
        "no_scheme",
        "foo",
        "http://",
        "http://example",
        "http://example.",
        "http://example.com:-1",
        "http://example.com:-1/",
        "http://example.com:000000080",
        "http://example.com:000000080/",
        "http://.com",
        "http://invalid-.com",
        "http://-invalid.com",
        "http://invalid.com-",
        "http://invalid.-com",
        "http://inv-.alid-.com",
        "http://inv-.-alid.com",
        "file://localhost/path",
        "git://example.com/",
        "http://.",
        "http://..",
        "http://../",
        "http://?",
        "http://??",
        "http://??/",
        "http://#",
        "http://##",
        "http://##/",
        "http://foo.bar?q=Spaces should be encoded",
        "//",
        "//a",
        "///a",
        "///",
        "http:///a",
        "foo.com",
        "rdar://1234",
        "h://test",
        "http:// shouldfail.com",
        ":// should fail",
        "http://foo.bar/foo(bar)baz quux",
        "http://-error-.invalid/",
        "http://dashinpunytld.trailingdot.xn--.",
        "http://dashinpunytld.xn---",
        "http://-a.b.co",
        "http://a.b-.co",
        "http://a.-b.co",
        "http://a.b-.c.co",
        "http:/",
        "http://1.1.1.1.1",
        "http://123.123.123",
        "http://3628126748",
        "http://123",
        "http://000.000.000.000",
        "http://016.016.016.016",
        "http://192.168.000.001",
        "http://01.2.3.4",
        "http://1.02.3.4",
        "http://1.2.03.4",
        "http://1.2.3.04",
        "http://.www.foo.bar/",
        "http://.www.foo.bar./",
        "http://[::1:2::3]:8/",
        "http://[::1:2::3]:8080/",
        "http://[]",
        "http://[]:8080",
        "http://example..com/",
        "https://test.[com",
        "http://@example.com",
        "http://:@example.com",
        "http://:bar@example.com",
        "http://foo@bar@example.com",
        "http://foo/bar@example.com",
        "http://foo:bar:baz@example.com",
        "http://foo:bar@baz@example.com",
        "http://foo:bar/baz@example.com",
        "http://invalid-.com/?m=foo@example.com",
        "http://www.djangoproject.com/\n",
        "http://[::ffff:192.9.5.5]\n",
        "http://www.djangoproject.com/\r",
        "http://[::ffff:192.9.5.5]\r",
        "http://www.django\rproject.com/",
        "http://[::\rffff:192.9.5.5]",
        "http://\twww.djangoproject.com/",
        "http://\t[::ffff:192.9.5.5]",
        "http://www.asdasdasdasdsadfm.com.br ",
        "http://www.asdasdasdasdsadfm.com.br z",
        "http://example.com/\u{2028}", "javascript:alert(1)", "javascript://example.com/%0aalert(1)", "",
    ]

    @Test(arguments: noURLs)
    func `what is no URL is refused`(_ text: String) {
        #expect(!URLSyntax.isURL(text, schemes: URLSyntax.schemes))
    }

    @Test func `labels and hosts have the lengths of RFC 1034, and URLs those of browsers`() {
        func isURL(_ text: String) -> Bool { URLSyntax.isURL(text, schemes: URLSyntax.schemes) }
        let label = String(repeating: "a", count: 63)
        #expect(isURL("http://\(label).example.com") && !isURL("http://\(label)a.example.com"))
        #expect(isURL("http://example.\(label).com") && !isURL("http://example.\(label)a.com"))
        #expect(!isURL("http://\(label).\(label).\(label).\(label).com"))
        #expect(isURL("http://example.com/" + String(repeating: "x", count: 2029)))
        #expect(!isURL("http://example.com/" + String(repeating: "x", count: 2030)))
        #expect(URLSyntax.isURL("git+ssh://example.com/", schemes: ["git+ssh"]))
        #expect(!isURL("http://example." + String(repeating: label + ".", count: 1000) + "com"))
    }

    static let addresses = [
        "email@here.com", "weirder-email@here.and.there.com", "email@[127.0.0.1]", "email@[2001:dB8::1]",
        "email@[2001:dB8:0:0:0:0:0:1]", "email@[::fffF:127.0.0.1]", "example@valid-----hyphens.com",
        "example@valid-with-hyphens.com", "test@domain.with.idn.tld.उदाहरण.परीक्षा", "email@localhost",
        "\"test@test\"@example.com", "email@xn--4ca9at.com", "email@öäü.com", "email@漢字.example.com",
        "a.b+c@example.org", "\"\\\u{9}\"@here.com", "!#$%&'*+/=?^_`{}|~-@example.org",
    ]

    @Test(arguments: addresses)
    func `an address of e-mail is taken`(_ text: String) {
        #expect(EmailSyntax.isAddress(text))
    }

    static let noAddresses = [
        "", "abc", "abc@", "abc@bar", "a @x.cz", "abc@.com", "something@@somewhere.com", "email@127.0.0.1",
        "email@[127.0.0.256]", "email@[2001:db8::12345]", "email@[2001:db8:0:0:0:0:1]", "email@[::ffff:127.0.0.256]",
        "email@[2001:dg8::1]", "example@invalid-.com", "example@-invalid.com", "example@invalid.com-",
        "example@inv-.alid-.com", "example@inv-.-alid.com", "test@example.com\n\n<script src=\"x.js\">", "@domain.com",
        "email.domain.com", "a@b.com\n", "a\n@b.com", "\"test@test\"\n@example.com", "a@[127.0.0.1]\n", "abc@bar.",
        "trailingdot@shouldfail.com.", "a..b@example.org", ".a@example.org", "\"\\\u{a}\"@here.com", "a@[[::1]]",
        "a\u{0}@example.org", "a@example.org\u{0}",
    ]

    @Test(arguments: noAddresses)
    func `what is no address of e-mail is refused`(_ text: String) {
        #expect(!EmailSyntax.isAddress(text))
    }

    @Test func `an address of e-mail has at most 320 characters`() {
        let label = String(repeating: "a", count: 63)
        #expect(EmailSyntax.isAddress("example@atm.\(label)") && !EmailSyntax.isAddress("example@atm.\(label)a"))
        #expect(!EmailSyntax.isAddress(String(repeating: "x", count: 309) + "@example.org"))
    }
}
