/// A text as Python's `repr` shows one: in quotes, and with everything written out that an eye would miss.
///
/// Blanks at the ends stand inside the quotes; `\r`, zero-width and direction marks, and blanks other than the usual one
/// become escapes of Swift.
///
/// Source: [Python, `str.isprintable`](https://docs.python.org/3/library/stdtypes.html#str.isprintable).
package func representation(of text: String) -> String {
    var shown = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": shown += "\\\""
        case "\\": shown += "\\\\"
        case "\n": shown += "\\n"
        case "\r": shown += "\\r"
        case "\t": shown += "\\t"
        default:
            if scalar.isPrintable {
                shown.unicodeScalars.append(scalar)
            } else {
                shown += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
    }
    return shown + "\""
}

extension Unicode.Scalar {
    fileprivate var isPrintable: Bool {
        guard self != " " else { return true }
        return switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }
}
