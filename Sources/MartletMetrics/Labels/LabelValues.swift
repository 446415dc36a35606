/// The values of a metric's labels, which tell its series apart.
///
/// How many labels a metric has is part of its type, so that the compiler counts the values.
public protocol LabelValues: Hashable, Sendable {
    /// The values in the order of the labels.
    var texts: [String] { get }

    /// What stands for everything beyond the limit of series.
    static var other: Self { get }
}

/// A metric without labels: it has one series.
public struct NoLabels: LabelValues {
    /// None.
    public var texts: [String] { [] }
    /// There is one series, so there is no other.
    public static var other: Self { Self() }

    init() {}
}

/// The value of one label.
public struct OneLabel: LabelValues {
    let first: String

    init(_ first: String) { self.first = first.asLabel }

    /// The value.
    public var texts: [String] { [first] }
    /// `other`.
    public static var other: Self { Self("other") }
}

/// The values of two labels.
public struct TwoLabels: LabelValues {
    let first: String
    let second: String

    init(_ first: String, _ second: String) {
        self.first = first.asLabel
        self.second = second.asLabel
    }

    /// The values.
    public var texts: [String] { [first, second] }
    /// `other` for both.
    public static var other: Self { Self("other", "other") }
}

/// The values of three labels.
public struct ThreeLabels: LabelValues {
    let first: String
    let second: String
    let third: String

    init(_ first: String, _ second: String, _ third: String) {
        self.first = first.asLabel
        self.second = second.asLabel
        self.third = third.asLabel
    }

    /// The values.
    public var texts: [String] { [first, second, third] }
    /// `other` for all.
    public static var other: Self { Self("other", "other", "other") }
}

extension String {
    private static let longestLabel = 256

    /// A label says which, not what: a text that somebody has sent does not become a megabyte of every scrape.
    fileprivate var asLabel: String {
        guard utf8.count > Self.longestLabel else { return self }
        var end = utf8.index(startIndex, offsetBy: Self.longestLabel)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
