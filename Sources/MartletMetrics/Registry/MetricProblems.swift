/// Finds what Prometheus would refuse or mix up.
enum MetricProblems {
    static func of(_ metrics: [MetricInfo]) -> [String] {
        var problems: [String] = []
        var owners: [String: String] = [:]
        for metric in metrics {
            problems += Self.problems(of: metric)
            // One problem for each pair, not one for each of their names.
            if let taken = metric.reserved.first(where: { owners[$0] != nil }), let owner = owners[taken] {
                problems.append(
                    owner == metric.name
                        ? "There are two metrics '\(metric.name)'. Name one of them otherwise, or list it once."
                        : "The metric '\(metric.name)' would be mixed up with '\(owner)': both are '\(taken)'. Name one "
                            + "of them otherwise.")
            }
            for name in metric.reserved where owners[name] == nil { owners[name] = metric.name }
        }
        return problems
    }

    private static func problems(of metric: MetricInfo) -> [String] {
        var problems: [String] = []
        let shown = "'\(metric.name)'"
        if !isName(metric.name, allowsColon: true) {
            problems.append("\(shown) is no name of a metric: write letters, digits, '_' and ':', not a digit first.")
        } else if metric.kind == .counter, !metric.name.hasSuffix("_total") || metric.name == "_total" {
            problems.append("The counter \(shown) must end with '_total': '\(metric.name)_total'.")
        }
        let own: Set<String> = metric.kind == .histogram ? ["le"] : []
        for (place, label) in metric.labels.enumerated() {
            if !isName(label, allowsColon: false) || label.hasPrefix("__") || own.contains(label) {
                problems.append(
                    "'\(label)' is no name for a label of \(shown): write letters, digits and '_', not '__' or a digit "
                        + "first\(own.isEmpty ? "" : ", and not 'le', which the buckets have").")
            } else if metric.labels[..<place].contains(label) {
                problems.append("\(shown) has two labels '\(label)'.")
            }
        }
        if metric.kind == .histogram, let problem = problem(ofBuckets: metric.buckets) {
            problems.append("The buckets of \(shown) \(problem)")
        }
        return problems
    }

    private static func problem(ofBuckets bounds: [Double]) -> String? {
        if bounds.isEmpty { return "are missing: name at least one upper bound." }
        if !bounds.allSatisfy(\.isFinite) { return "must be finite: the one without an upper bound is there anyway." }
        return zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }
            ? nil : "must go up: \(bounds.map { "\($0)" }.joined(separator: ", "))."
    }

    /// Source: [Prometheus, data model](https://prometheus.io/docs/concepts/data_model/).
    private static func isName(_ name: String, allowsColon: Bool) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
            case UInt8(ascii: ":"): allowsColon
            default: false
            }
        }
    }
}
