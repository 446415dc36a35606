import Synchronization

/// The series of a metric: one for each combination of label values that was seen, but only so many. What comes after
/// that is counted together, as `other`, so that no visitor can fill the memory of this process or of Prometheus.
final class SeriesTable<Labels: LabelValues, Series: AnyObject & Sendable>: Sendable {
    let names: [String]
    private let limit: Int
    private let make: @Sendable () -> Series

    /// The series of a metric without labels, found without a lock.
    let only: Series

    private struct State {
        /// The first few, which are looked through: comparing a few short texts costs less than hashing one.
        var first: [(labels: Labels, series: Series)] = []
        var series: [Labels: Series] = [:]
        var other: Series?
    }

    /// Shared by all tasks; held to find a series, never while it counts.
    private let state = Mutex(State())

    private static var mostLookedThrough: Int { 6 }

    init(_ names: [String], limit: Int, _ make: @escaping @Sendable () -> Series) {
        self.names = names
        self.limit = limit
        self.make = make
        only = make()
    }

    subscript(_ labels: Labels) -> Series {
        state.withLock { state in
            for place in state.first.indices where state.first[place].labels == labels {
                return state.first[place].series
            }
            if let known = state.series[labels] { return known }
            // Who names a value so counts there, too: a series that is shown twice spoils the whole scrape.
            let isOther = state.series.count >= limit || labels == .other
            if isOther, let other = state.other { return other }
            let new = make()
            guard !isOther else {
                state.other = new
                return new
            }
            if state.first.count < Self.mostLookedThrough { state.first.append((labels, new)) }
            state.series[labels] = new
            return new
        }
    }

    /// Every series with its labels, in the order of their values.
    func all() -> [(labels: [MetricLabel], series: Series)] {
        guard !names.isEmpty else { return [([], only)] }
        let (known, other) = state.withLock { ($0.series, $0.other) }
        var all = known.map { ($0.key.texts, $0.value) }.sorted { $0.0.lexicographicallyPrecedes($1.0) }
        if let other { all.append((Labels.other.texts, other)) }
        return all.map { texts, series in (zip(names, texts).map { MetricLabel($0, $1) }, series) }
    }
}
