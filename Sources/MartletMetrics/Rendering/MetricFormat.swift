/// A form in which metrics are written.
public enum MetricFormat: Sendable, Hashable, CaseIterable {
    /// Prometheus' text format 0.0.4.
    ///
    /// Source: [Prometheus, exposition formats](https://prometheus.io/docs/instrumenting/exposition_formats/).
    case prometheus

    /// OpenMetrics 1.0.
    ///
    /// Source: [OpenMetrics 1.0](https://prometheus.io/docs/specs/om/open_metrics_spec/).
    case openMetrics

    /// Writes metrics.
    package func render(_ families: [MetricFamily]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16_384)
        for family in families { write(family, to: &bytes) }
        if self == .openMetrics { bytes += "# EOF\n".utf8 }
        return bytes
    }

    private func write(_ family: MetricFamily, to bytes: inout [UInt8]) {
        let info = family.info
        let name = self == .openMetrics ? info.family : info.name
        bytes += "# HELP \(name) ".utf8
        MetricText.append(info.help, escapesQuotes: self == .openMetrics, to: &bytes)
        bytes += "\n# TYPE \(name) \(info.kind.rawValue)\n".utf8
        for sample in family.samples { write(sample, of: info.name, to: &bytes) }
    }

    private func write(_ sample: MetricSample, of name: String, to bytes: inout [UInt8]) {
        bytes += name.utf8
        bytes += sample.suffix.utf8
        for (place, label) in sample.labels.enumerated() {
            bytes.append(UInt8(ascii: place == 0 ? "{" : ","))
            bytes += label.name.utf8
            bytes += "=\"".utf8
            MetricText.append(label.value, escapesQuotes: true, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        if !sample.labels.isEmpty { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: " "))
        bytes += MetricText.number(sample.value).utf8
        bytes.append(UInt8(ascii: "\n"))
    }
}

/// A metric and all its numbers at one moment.
package struct MetricFamily: Sendable, Hashable {
    package let info: MetricInfo
    package let samples: [MetricSample]

    package init(_ info: MetricInfo, _ samples: [MetricSample]) {
        self.info = info
        self.samples = samples
    }

    /// A metric whose only number is known.
    package init(_ kind: MetricInfo.Kind, _ name: String, _ help: String, _ value: Double) {
        self.init(MetricInfo(kind, name, help), [MetricSample(value)])
    }
}
