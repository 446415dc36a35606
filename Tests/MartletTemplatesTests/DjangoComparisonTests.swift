import Testing

/// Every case is what Django 5.2 made of the same template and context; `Django/expect.py` has the cases.
@Suite struct DjangoComparisonTests {
    @Test(arguments: try DjangoCase.load("variables"))
    func `variables, literals and comments are as in Django`(_ example: DjangoCase) {
        example.check()
    }

    @Test(arguments: try DjangoCase.load("escaping"))
    func `hostile text is escaped where Django escapes it`(_ example: DjangoCase) {
        example.check()
    }

    @Test(arguments: try DjangoCase.load("conditions"))
    func `conditions hold where they do in Django`(_ example: DjangoCase) {
        example.check()
    }

    @Test(arguments: try DjangoCase.load("tags"))
    func `tags write and refuse what Django's do`(_ example: DjangoCase) {
        example.check()
    }

    @Test(arguments: try DjangoCase.load("inheritance"))
    func `extended and included templates are as in Django`(_ example: DjangoCase) {
        example.check()
    }

    @Test(arguments: try DjangoCase.load("dates"))
    func `dates are written as in Django`(_ example: DjangoCase) {
        example.check()
    }

    @Test(arguments: try DjangoCase.load("urlize"))
    func `addresses become the links that Django makes`(_ example: DjangoCase) {
        example.check()
    }

    /// Thousands of cases: one test over all of them keeps the list of tests readable.
    @Test func `every filter makes of every sample what Django's makes`() throws {
        let cases = try DjangoCase.load("filters")
        #expect(cases.count > 3000)
        for example in cases {
            let text = try? rendered(example.templates["page"] ?? "", example.context)
            #expect(text == example.expected, "\(example.testDescription)")
        }
    }
}
