import MartletMetrics

// A metric takes as many values as it has labels, neither more nor fewer.

private let plain = Counter("plain_total", "Plain.")
private let kinds = Counter("kinds_total", "By kind.", labels: "kind")
private let pairs = Gauge("pairs", "By two.", labels: "kind", "language")

func count() {
    plain.increment()
    kinds["article"].increment()
    pairs["article", "en"].set(1)
    // expected-error@+1 {{requires the types 'NoLabels' and 'OneLabel' be equivalent}}
    let _ = plain["article"]
    // expected-error@+1 {{requires the types 'OneLabel' and 'TwoLabels' be equivalent}}
    let _ = kinds["article", "en"]
    // expected-error@+1 {{requires the types 'OneLabel' and 'NoLabels' be equivalent}}
    kinds.increment()
    // expected-error@+1 {{requires the types 'TwoLabels' and 'OneLabel' be equivalent}}
    let _ = pairs["article"]
}
