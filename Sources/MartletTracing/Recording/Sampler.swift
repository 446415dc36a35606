/// Says which traces are recorded.
///
/// Source: [OpenTelemetry, `OTEL_TRACES_SAMPLER`](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration).
public struct Sampler: Sendable, Hashable {
    /// How many of those that begin here, from 0 to 1.
    private let ratio: Double
    /// Whether a caller's decision counts.
    private let followsParent: Bool

    private init(_ ratio: Double, followsParent: Bool) {
        self.ratio = ratio
        self.followsParent = followsParent
    }

    /// What a caller has decided, and every trace that begins here.
    public static let parentBased = Sampler(1, followsParent: true)

    /// A sampler by OpenTelemetry's name for it: `always_on`, `always_off`, `traceidratio`, and each of them with
    /// `parentbased_` before it.
    ///
    /// - Parameter ratio: How many traces `traceidratio` records, from 0 to 1.
    /// - Returns: `nil` for another name.
    public init?(name: String, ratio: Double = 1) {
        let isParentBased = name.hasPrefix("parentbased_")
        switch isParentBased ? String(name.dropFirst("parentbased_".count)) : name {
        case "always_on": self.init(1, followsParent: isParentBased)
        case "always_off": self.init(0, followsParent: isParentBased)
        case "traceidratio": self.init(ratio, followsParent: isParentBased)
        default: return nil
        }
    }

    /// Whether a trace is recorded.
    ///
    /// - Parameters:
    ///   - traceID: Its identifier; all services that sample by the same ratio decide the same.
    ///   - parent: What the caller has decided; `nil` where the trace begins here.
    package func samples(_ traceID: String, parent: Bool?) -> Bool {
        if followsParent, let parent { return parent }
        if ratio >= 1 { return true }
        // The last 14 digits are the random ones (W3C Trace Context, level 2).
        guard let number = UInt64(traceID.suffix(14), radix: 16) else { return false }
        return number < UInt64(ratio * 0x1p56)
    }
}
