import MartletHTTP

@testable import MartletRouting

/// Django's resolver, written out: every pattern is tried in turn, by plain backtracking over characters.
///
/// Slow and simple on purpose: what the trie finds is compared with it.
struct LinearMatcher {
    indirect enum Entry {
        case route(id: Int, [Piece])
        case regex(id: Int, @Sendable (String) -> [String]?)
        case host(HostForm, [Entry])
        case include([Piece], [Entry])
    }

    enum Piece {
        case literal(String)
        case parameter(PathConverter)
    }

    /// The forms of hosts.
    enum HostForm {
        case exact(String)
        /// One label before the text.
        case label(PathConverter, String)
        case below(String)
        case atOrBelow(String)

        static let all: [HostForm] = [
            .exact("a.x"), .exact("12.x"), .label(.slug, "x"), .label(.int, "x"), .below("x"), .atOrBelow("x"),
        ]

        var text: String {
            switch self {
            case .exact(let name): name
            case .label(let converter, let parent): "<\(converter.name):host>.\(parent)"
            case .below(let parent): "*.\(parent)"
            case .atOrBelow(let parent): ".\(parent)"
            }
        }

        var types: [any PathParameter.Type] {
            if case .label(let converter, _) = self { [converter.sampleType] } else { [] }
        }

        func match(_ name: String) -> [String]? {
            switch self {
            case .exact(let exact): name == exact ? [] : nil
            case .label(let converter, let parent):
                name.split(separator: ".").dropFirst().joined(separator: ".") == parent
                    && LinearMatcher.isMatch(String(name.prefix { $0 != "." }), converter)
                    ? [String(name.prefix { $0 != "." })] : nil
            case .below(let parent): name.hasSuffix(".\(parent)") ? [] : nil
            case .atOrBelow(let parent): name == parent || name.hasSuffix(".\(parent)") ? [] : nil
            }
        }
    }

    let entries: [Entry]

    /// The route and the captured texts.
    struct Found: Equatable, CustomStringConvertible {
        let id: Int
        let captures: [String]
        var description: String { "route \(id) with \(captures)" }
    }

    func match(_ path: String, host: RequestHost? = nil) -> Found? {
        guard path.hasPrefix("/") else { return nil }
        return Self.match(entries, Array(path.unicodeScalars.dropFirst())[...], host)
    }

    private static func match(
        _ entries: [Entry], _ path: ArraySlice<Unicode.Scalar>, _ host: RequestHost?
    ) -> Found? {
        for entry in entries {
            switch entry {
            case .regex(let id, let matcher):
                if let captures = matcher(String(String.UnicodeScalarView(path))) {
                    return Found(id: id, captures: captures)
                }
            case .host(let form, let inner):
                guard let captures = host.flatMap({ form.match($0.name) }) else { continue }
                if let found = match(inner, path, host) {
                    return Found(id: found.id, captures: captures + found.captures)
                }
            case .route(let id, let pieces):
                if let captures = consume(pieces[...], path, whole: true)?.captures, convert(pieces, captures) {
                    return Found(id: id, captures: captures)
                }
            case .include(let prefix, let inner):
                guard let (rest, captures) = consume(prefix[...], path, whole: false), convert(prefix, captures) else {
                    continue
                }
                if let found = match(inner, rest, host) {
                    return Found(id: found.id, captures: captures + found.captures)
                }
            }
        }
        return nil
    }

    /// The first match of a regular expression with greedy groups.
    private static func consume(
        _ pieces: ArraySlice<Piece>, _ path: ArraySlice<Unicode.Scalar>, whole: Bool
    ) -> (rest: ArraySlice<Unicode.Scalar>, captures: [String])? {
        guard let piece = pieces.first else { return whole && !path.isEmpty ? nil : (path, []) }
        switch piece {
        case .literal(let text):
            guard path.starts(with: text.unicodeScalars) else { return nil }
            return consume(pieces.dropFirst(), path.dropFirst(text.unicodeScalars.count), whole: whole)
        case .parameter(let converter):
            let longest = path.prefix { isPart($0, of: converter) }.count
            for count in stride(from: longest, to: 0, by: -1) {
                let text = String(String.UnicodeScalarView(path.prefix(count)))
                guard converter != .uuid || isUUID(text) else { continue }
                if let (rest, captures) = consume(pieces.dropFirst(), path.dropFirst(count), whole: whole) {
                    return (rest, [text] + captures)
                }
            }
            return nil
        }
    }

    /// Whether a converter takes a scalar at all.
    private static func isPart(_ scalar: Unicode.Scalar, of converter: PathConverter) -> Bool {
        switch converter {
        case .str: scalar != "/"
        case .path: scalar != "\n"
        case .int: ("0"..."9").contains(scalar)
        case .slug, .uuid:
            switch scalar {
            case "0"..."9", "A"..."Z", "a"..."z", "-", "_": true
            default: false
            }
        default: false
        }
    }

    private static func isUUID(_ text: String) -> Bool {
        text.count == 36
            && (try? Regex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").wholeMatch(in: text)) != nil
    }

    fileprivate static func isMatch(_ text: String, _ converter: PathConverter) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { isPart($0, of: converter) }
    }

    /// Whether the values can be converted: only a number can be too large.
    private static func convert(_ pieces: [Piece], _ captures: [String]) -> Bool {
        let converters = pieces.compactMap { piece in
            if case .parameter(let converter) = piece { converter } else { nil }
        }
        return zip(converters, captures).allSatisfy { $0 != .int || Int($1) != nil }
    }
}
