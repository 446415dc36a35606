/// What a page may load and run: a content security policy.
///
/// ```swift
/// let policy: ContentSecurityPolicy = [
///     .defaultSrc: [.selfOrigin],
///     .scriptSrc: [.selfOrigin, .nonce, "https://cdn.example.com"],
///     .imgSrc: [.selfOrigin, "data:"],
///     .upgradeInsecureRequests: true,
/// ]
/// ```
///
/// Source: Django 6, [`django.utils.csp`](https://docs.djangoproject.com/en/6.0/ref/csp/);
/// [CSP Level 3](https://www.w3.org/TR/CSP3/).
public struct ContentSecurityPolicy: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// What a directive allows.
    public enum Value: Sendable, Hashable, ExpressibleByArrayLiteral, ExpressibleByBooleanLiteral {
        /// Some sources; without any, the directive is left out.
        case sources([PolicySource])
        /// Whether a directive without sources, such as `upgrade-insecure-requests`, is there.
        case flag(Bool)

        /// Some sources.
        public init(arrayLiteral sources: PolicySource...) { self = .sources(sources) }

        /// Whether the directive is there.
        public init(booleanLiteral isThere: Bool) { self = .flag(isThere) }
    }

    /// The directives in their order.
    private var directives: [(name: PolicyDirective, value: Value)] = []

    /// Makes a policy. Of a directive that stands there twice, the last counts.
    public init(dictionaryLiteral directives: (PolicyDirective, Value)...) {
        for (name, value) in directives { self[name] = value }
    }

    /// What a directive allows; `nil` when the policy does not have it.
    ///
    /// ```swift
    /// var embeddable = sitePolicy
    /// embeddable[.frameAncestors] = ["https://partner.example"]
    /// ```
    public subscript(_ name: PolicyDirective) -> Value? {
        get { directives.first { $0.name == name }?.value }
        set {
            guard let index = directives.firstIndex(where: { $0.name == name }) else {
                if let newValue { directives.append((name, newValue)) }
                return
            }
            if let newValue { directives[index].value = newValue } else { directives.remove(at: index) }
        }
    }

    /// The policy as it stands in the header.
    ///
    /// - Parameter nonce: What takes the place of ``PolicySource/nonce``. Without one that source is left out; where it was
    ///   the only one, `'none'` stands in its place, for nothing on the page can have a nonce.
    public func text(nonce: String? = nil) -> String {
        directives.compactMap { Self.text($0.name, $0.value, nonce) }.joined(separator: "; ")
    }

    private static func text(_ name: PolicyDirective, _ value: Value, _ nonce: String?) -> String? {
        switch value {
        case .flag(false): return nil
        case .flag(true): return name.description
        case .sources(let sources):
            guard !sources.isEmpty else { return nil }
            let texts = sources.compactMap { source in
                source == .nonce ? nonce.map { "'nonce-\($0)'" } : source.description
            }
            return "\(name) " + (texts.isEmpty ? PolicySource.none.description : texts.joined(separator: " "))
        }
    }

    var usesNonce: Bool {
        directives.contains { directive in
            if case .sources(let sources) = directive.value { sources.contains(.nonce) } else { false }
        }
    }

    /// Two policies are the same with the same directives in the same order.
    public static func == (left: ContentSecurityPolicy, right: ContentSecurityPolicy) -> Bool {
        left.text(nonce: "?") == right.text(nonce: "?")
    }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text(nonce: "?")) }
}
