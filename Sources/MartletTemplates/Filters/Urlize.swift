/// `text` with its addresses as links.
///
/// A word counts as an address if it begins with `http://`, `https://` or `www.`, if it is a name that ends in one of the
/// old top-level domains, or if it has the form of a mail address. Punctuation and brackets around it stay outside.
///
/// Source: [urlize](https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#urlize).
///
/// - Parameter limit: The characters of the link's text; longer ones end in an ellipsis.
func linked(_ text: String, limit: Int?, escapes: Bool) -> String {
    var result = ""
    var word = ""
    for scalar in text.unicodeScalars {
        if scalar.isSpace || scalar == "<" || scalar == ">" || scalar == "\"" || scalar == "'" {
            result += linkedWord(word, limit, escapes)
            word = ""
            result += escapes ? escapeHTML(String(scalar)) : String(scalar)
        } else {
            word.unicodeScalars.append(scalar)
        }
    }
    return result + linkedWord(word, limit, escapes)
}

private func linkedWord(_ word: String, _ limit: Int?, _ escapes: Bool) -> String {
    func plain(_ text: String) -> String { escapes ? escapeHTML(text) : text }
    // Words much longer than any address are not looked at.
    guard word.utf8.count <= 4096, word.utf8.contains(where: { $0 == 46 || $0 == 58 || $0 == 64 }) else {
        return plain(word)
    }
    let (lead, middle, trail) = trimmedPunctuation(word)
    guard let (address, attributes) = address(of: middle) else { return plain(word) }
    var shown = middle
    if let limit, middle.unicodeScalars.count > limit {
        shown = String(middle.unicodeScalars.prefix(max(limit, 1) - 1)) + "…"
    }
    return plain(lead) + "<a href=\"\(escapeHTML(address))\"\(attributes)>\(plain(shown))</a>" + plain(trail)
}

/// What a word links to, and the attributes of the link.
private func address(of word: String) -> (address: String, attributes: String)? {
    guard word.utf8.count <= 2048 else { return nil }
    let noFollow = " rel=\"nofollow\""
    let small = word.lowercased()
    if hasWebScheme(small) { return (quotedAddress(unescapeHTML(word)), noFollow) }
    if small.hasPrefix("www.") || isWebName(small) {
        return (quotedAddress("http://" + unescapeHTML(word)), noFollow)
    }
    guard isMailAddress(small), let at = word.lastIndex(of: "@") else { return nil }
    let domain = word[word.index(after: at)...]
    return (
        "mailto:\(percentEncoded(String(word[..<at]), keeping: ""))@\(percentEncoded(String(domain), keeping: ""))", ""
    )
}

/// `http://` or `https://` and the first letter of a host.
private func hasWebScheme(_ word: String) -> Bool {
    for scheme in ["http://", "https://"] where word.hasPrefix(scheme) {
        var host = word.dropFirst(scheme.count)
        if host.first == "[" { host.removeFirst() }
        return host.first.map(isWordCharacter) ?? false
    }
    return false
}

/// A name that ends in an old top-level domain, and what may follow it after a slash.
private func isWebName(_ word: String) -> Bool {
    guard let first = word.first, isWordCharacter(first), !word.hasPrefix("http") else { return false }
    let name = word.prefix { $0 != "@" }
    let isComplete = name.endIndex == word.endIndex
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.indices.contains { index in
        let endsHere = index < parts.count - 1 || isComplete
        let isLongEnough = index > 0 || parts[0].count > 5
        return endsHere && isLongEnough
            && [".com", ".edu", ".gov", ".int", ".mil", ".net", ".org"].contains { parts[index].hasSuffix($0) }
    }
}

private func isWordCharacter(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
}

/// The address with what needs it as `%XX`, and nothing twice. The query is taken apart, so that separators inside its
/// values stay what they are.
private func quotedAddress(_ text: String) -> String {
    func quoted(_ part: Substring) -> String {
        percentEncoded(percentDecoded(part), keeping: "!$&'()*+,;=:/?#[]@~")
    }
    let fragmentParts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = fragmentParts[0].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var result = quoted(parts[0])
    if let colon = result.firstIndex(of: ":") { result = result[..<colon].lowercased() + result[colon...] }
    if parts.count > 1 {
        let pairs = parts[1].split(separator: "&").map { pair in
            pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(quotedQueryPart)
        }
        if !pairs.isEmpty {
            result += "?" + pairs.map { "\($0[0])=\($0.count > 1 ? $0[1] : "")" }.joined(separator: "&")
        }
    }
    if fragmentParts.count > 1, !fragmentParts[1].isEmpty { result += "#" + quoted(fragmentParts[1]) }
    return result
}

private func quotedQueryPart(_ part: Substring) -> String {
    let text = percentDecoded(Substring(String(part).replacingText("+", with: " ")))
    return percentEncoded(text, keeping: " ").replacingText(" ", with: "+")
}

private func percentDecoded(_ text: Substring) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
        if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, bytes[index + 1] != UInt8(ascii: "+"),
            let byte = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
        {
            result.append(byte)
            index += 3
        } else {
            result.append(bytes[index])
            index += 1
        }
    }
    return String(decoding: result, as: UTF8.self)
}

private func isMailAddress(_ text: String) -> Bool {
    let halves = text.split(separator: "@", omittingEmptySubsequences: false)
    guard halves.count == 2, !text.contains(":") else { return false }
    let atoms = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    let labels = halves[1].split(separator: ".", omittingEmptySubsequences: false)
    return atoms.allSatisfy { !$0.isEmpty && $0.allSatisfy(isAtomCharacter) }
        && labels.count >= 2 && (labels.last?.count ?? 0) >= 2
        && labels.allSatisfy { label in
            !label.isEmpty && label.count <= 63 && label.first != "-" && label.last != "-"
                && label.allSatisfy { !$0.isASCII || $0.isLetter || $0.isNumber || $0 == "-" }
        }
}

private func isAtomCharacter(_ character: Character) -> Bool {
    guard character.isASCII else { return false }
    return character.isLetter || character.isNumber || "-!#$%&'*+/=?^_`{}|~".contains(character)
}

/// Cuts off punctuation at the end and brackets around the word; a closing bracket that was opened in it stays, and so
/// does the semicolon of a character reference.
private func trimmedPunctuation(_ word: String) -> (lead: String, middle: String, trail: String) {
    let scalars = Array(word.unicodeScalars)
    let lead = scalars.prefix { $0 == "(" || $0 == "[" }
    var middle = scalars[lead.endIndex...]
    // How many more brackets are closed than opened; counted once, since a word may consist of them.
    func surplus(_ open: Unicode.Scalar, _ close: Unicode.Scalar) -> Int {
        middle.reduce(0) { $0 + ($1 == close ? 1 : $1 == open ? -1 : 0) }
    }
    var round = surplus("(", ")")
    var square = surplus("[", "]")
    while let last = middle.last {
        switch last {
        case ")" where round > 0: round -= 1
        case "]" where square > 0: square -= 1
        case ".", ",", ":", "!": break
        case ";" where !endsWithReference(middle): break
        default: return (String(lead), String(middle), String(scalars[middle.endIndex...]))
        }
        middle.removeLast()
    }
    return (String(lead), "", String(scalars[lead.endIndex...]))
}

/// Whether the semicolon at the end belongs to `&amp;` or the like.
private func endsWithReference(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
    guard let start = scalars.suffix(12).lastIndex(of: "&") else { return false }
    return unescapeHTML(String(scalars[start...])).unicodeScalars.count == 1
}
