/// Values with names, in a known order.
///
/// Made from pairs, it keeps their order. Made from a Swift dictionary, which has none, it is walked in the order of its
/// keys, so that a page looks the same on every request.
public struct TemplateDictionary: Sendable {
    private var values: [String: TemplateValue]
    private var order: [String]?

    /// A dictionary that keeps the order of `pairs`; of two values with one name the last counts.
    public init(_ pairs: some Sequence<(String, TemplateValue)>) {
        var values: [String: TemplateValue] = [:]
        var order: [String] = []
        for (key, value) in pairs where values.updateValue(value, forKey: key) == nil {
            order.append(key)
        }
        self.values = values
        self.order = order
    }

    /// A dictionary that is walked in the order of its keys.
    public init(_ values: [String: TemplateValue]) {
        self.values = values
        self.order = nil
    }

    /// The value called `key`, or nil.
    public subscript(key: String) -> TemplateValue? { values[key] }

    /// How many values there are.
    public var count: Int { values.count }

    /// The names in order.
    public var keys: [String] { order ?? values.keys.sorted() }

    /// Names and values in order.
    public var pairs: [(key: String, value: TemplateValue)] {
        keys.compactMap { key in values[key].map { (key, $0) } }
    }
}
