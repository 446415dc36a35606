import MartletHTTP

/// What somebody wants the address of.
struct ReverseCall {
    /// The values of the parameters, as texts that each converter must match.
    private enum Arguments {
        case inOrder([String])
        case byName([String: String])
    }

    let name: String
    /// The query and the fragment, encoded.
    let suffix: String
    private let arguments: Arguments

    init(_ name: String, texts: [String], _ query: QueryItems = [:], _ fragment: String? = nil) {
        self.name = name
        arguments = .inOrder(texts)
        suffix = Self.suffix(query, fragment)
    }

    init(_ name: String, texts: [String: String], _ query: QueryItems = [:], _ fragment: String? = nil) {
        self.name = name
        arguments = .byName(texts)
        suffix = Self.suffix(query, fragment)
    }

    private static func suffix(_ query: QueryItems, _ fragment: String?) -> String {
        if query.isEmpty, fragment == nil { return "" }
        let behind = fragment.map { text in
            "#" + PercentCoding.encode(text.utf8) { $0.isPathByte || $0 == UInt8(ascii: "?") }
        }
        return (query.isEmpty ? "" : "?\(query)") + (behind ?? "")
    }

    /// The texts for these parameters, in order; `nil` when they are not those that were given.
    func values(_ names: ArraySlice<String>) -> [String]? {
        switch arguments {
        case .inOrder(let texts): return texts.count == names.count ? texts : nil
        case .byName(let texts):
            let values = names.compactMap { texts[$0] }
            return values.count == names.count && values.count == texts.count ? values : nil
        }
    }

    /// The arguments for a message.
    var given: [String] {
        switch arguments {
        case .inOrder(let texts): texts.map { "'\($0)'" }
        case .byName(let texts): texts.sorted { $0.key < $1.key }.map { "\($0.key): '\($0.value)'" }
        }
    }
}

/// Where somebody asks from: what is current there need not be said.
struct ReverseOrigin {
    /// The instance of an application, with those around it.
    var currentApp: String?
    /// The host of the page.
    var host: RequestHost?
    /// The scheme of the page.
    var scheme: String?
}
