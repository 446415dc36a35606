/// `text` for a URL: ASCII letters without accents, digits, underscores, and single dashes for what lies between.
///
/// Source: [slugify](https://docs.djangoproject.com/en/5.2/ref/utils/#django.utils.text.slugify).
public func slug(of text: String) -> String {
    var result = ""
    var isPending = false
    for scalar in text.unicodeScalars {
        let plain = asciiLetters(of: scalar)
        for letter in plain.lowercased().unicodeScalars {
            switch letter {
            case "a"..."z", "0"..."9", "_":
                if isPending, !result.isEmpty { result += "-" }
                isPending = false
                result.unicodeScalars.append(letter)
            case "-", " ", "\t"..."\r": isPending = true
            default: continue
            }
        }
    }
    // Django strips dashes and underscores from both ends.
    while let last = result.last, last == "_" || last == "-" { result.removeLast() }
    return String(result.drop { $0 == "_" || $0 == "-" })
}

/// What compatibility decomposition (NFKD) leaves of a character in ASCII.
///
/// Swift does not publish the decomposition, but the names of Unicode tell it: `LATIN SMALL LETTER E WITH ACUTE`.
private func asciiLetters(of scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0..<128: return String(Character(scalar))
    case 0xA0, 0x2000...0x200A, 0x202F, 0x3000: return " "
    case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0).map { String(Character($0)) } ?? ""
    default: break
    }
    if let ligature = ligatures[scalar] { return ligature }
    guard let name = scalar.properties.name, name.hasPrefix("LATIN "), let with = name.firstRange(of: " WITH ") else {
        return ""
    }
    let words = name[..<with.lowerBound].split(separator: " ")
    let marks = name[with.upperBound...].split(separator: " AND ").flatMap { $0.split(separator: " WITH ") }
    guard words.count == 4, words[2] == "LETTER", let letter = words.last, letter.count == 1,
        marks.allSatisfy({ decomposableMarks.contains(String($0)) })
    else { return "" }
    return words[1] == "SMALL" ? letter.lowercased() : String(letter)
}

private let ligatures: [Unicode.Scalar: String] = [
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "ª": "a", "º": "o", "²": "2",
    "³": "3", "¹": "1", "⁰": "0", "™": "TM", "…": "...", "ĳ": "ij", "Ĳ": "IJ", "ſ": "s", "ŉ": "n", "½": "12", "¼": "14",
    "¾": "34",
]

/// A stroke through a letter, for one, is part of the letter and not a mark.
private let decomposableMarks: Set<String> = [
    "GRAVE", "ACUTE", "CIRCUMFLEX", "TILDE", "DIAERESIS", "RING ABOVE", "CARON", "CEDILLA", "OGONEK", "MACRON", "BREVE",
    "DOT ABOVE", "DOT BELOW", "DOUBLE ACUTE", "DOUBLE GRAVE", "INVERTED BREVE", "HOOK ABOVE", "HORN", "COMMA BELOW",
    "LINE BELOW", "RING BELOW", "DIAERESIS BELOW", "CIRCUMFLEX BELOW", "TILDE BELOW", "BREVE BELOW",
]
