import CPostgreSQL

extension PostgreSQLConfiguration {
    /// What is wrong with a connection URI, in words that show nothing of its password; `nil` when libpq takes it.
    ///
    /// The usual mistake is a password that is not percent-encoded; libpq then looks for a host that does not exist.
    package static func problem(inURL url: String) -> String? {
        problemOfCharacters(url) ?? problemOfParts(url)
    }

    private static func problemOfCharacters(_ url: String) -> String? {
        let characters = Array(url.unicodeScalars)
        for (index, character) in characters.enumerated() {
            let place = "character \(index + 1)"
            switch character {
            case "%":
                let digits = characters[(index + 1)...].prefix(2)
                guard digits.count == 2, digits.allSatisfy(\.properties.isASCIIHexDigit) else {
                    return "the '%' at \(place) is not followed by two hexadecimal digits; a '%' itself is written %25"
                }
                if digits.allSatisfy({ $0 == "0" }) { return "%00 at \(place) stands for nothing" }
            case "#": return "the '#' at \(place) must be written %23"
            case " ": return "the space at \(place) must be written %20"
            case let control where control.value < 0x20 || control.value == 0x7F:
                return "there is a control character at \(place)"
            case let letter where !letter.isASCII:
                let bytes = String(letter).utf8.map { "%" + String($0, radix: 16, uppercase: true) }.joined()
                return "the '\(letter)' at \(place) must be written \(bytes)"
            default: break
            }
        }
        return nil
    }

    private static func problemOfParts(_ url: String) -> String? {
        guard let start = url.firstRange(of: "://")?.upperBound else { return "it has no '://'" }
        let rest = url[start...]
        let beforeQuery = rest.prefix { $0 != "?" }
        if beforeQuery.count(where: { $0 == "@" }) > 1 { return "an '@' of a user or password must be written %40" }
        if let at = beforeQuery.firstIndex(of: "@"), let slash = beforeQuery.firstIndex(of: "/"), slash < at {
            return "a '/' of a user or password must be written %2F"
        }
        // Around an IPv6 address they belong; libpq takes others for the beginning of one.
        if let at = beforeQuery.firstIndex(of: "@"),
            let bracket = beforeQuery[..<at].first(where: { $0 == "[" || $0 == "]" })
        {
            return "a '\(bracket)' of a user or password must be written \(bracket == "[" ? "%5B" : "%5D")"
        }
        if let query = rest.firstIndex(of: "?"), rest[query...].contains("@") {
            return "a '?' of a user or password must be written %3F, and an '@' of a parameter %40"
        }
        // libpq's own words would show the password.
        guard let options = PQconninfoParse(url, nil) else {
            return "libpq does not take it; its form is postgresql://user:password@host:port/database?parameter=value"
        }
        defer { PQconninfoFree(options) }
        return problemOfPort(options)
    }

    /// libpq finds out about the port only when it connects.
    private static func problemOfPort(_ options: UnsafeMutablePointer<PQconninfoOption>) -> String? {
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "port", let value = option.pointee.val {
                let ports = String(cString: value).split(separator: ",", omittingEmptySubsequences: false)
                guard ports.allSatisfy({ $0.isEmpty || Int($0).map { (1...65_535).contains($0) } == true }) else {
                    return "the port is not a number from 1 to 65535; a ':' of a user or password must be written %3A"
                }
            }
            option += 1
        }
        return nil
    }
}
