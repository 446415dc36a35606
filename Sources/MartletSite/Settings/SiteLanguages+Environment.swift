package import MartletHTTP

extension SiteLanguages {
    /// Reads the languages of a site, by Django's names; without any it speaks American English.
    package init(_ reader: inout SettingsReader) {
        let standard = reader.text(
            "LANGUAGE_CODE", default: "en-us", about: "The language of the site unless a client asks for another.")
        let codes = reader.list(
            "LANGUAGES", default: [standard],
            about: "The languages of the site, with commas; LANGUAGE_CODE unless told.")
        for name in ["LANGUAGE_CODE", "LANGUAGES"]
        where !(name == "LANGUAGES" ? codes : [standard]).allSatisfy(Self.isCode) {
            reader.report(name, expected: "a language such as de, pt-br or zh-hant, in LANGUAGES several with commas")
        }
        self.init(codes, default: standard)
        // As Django's translation.E004: the variant of one that is there will do.
        if variant(of: standard, strict: true) == nil {
            if reader.environment["LANGUAGE_CODE"] == nil {
                reader.report("LANGUAGES", expected: "a list with LANGUAGE_CODE in it, which is \(standard)")
            } else {
                reader.report("LANGUAGE_CODE", expected: "one of LANGUAGES")
            }
        }
    }

    /// Letters and digits, at most eight in a row, with `-` between them.
    private static func isCode(_ text: String) -> Bool {
        text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { part in
            (1...8).contains(part.utf8.count)
                && part.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
        }
    }
}
