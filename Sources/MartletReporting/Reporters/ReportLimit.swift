import FoundationEssentials

/// Decides which errors are told, where somebody reads each report: every kind once in a while, and not too many in all.
struct ReportLimit {
    /// What was not told before a report that is.
    struct HeldBack: Equatable {
        /// Of the same kind, since the last report of it.
        var alike = 0
        /// Of other kinds, since the last report of any.
        var others = 0
    }

    private struct Kind {
        var told: Date
        var heldBack = 0
    }

    private static let hour: TimeInterval = 3_600
    /// Kinds that are remembered; an error whose kind is a new one each time must not fill the memory.
    private static let kindLimit = 1_000

    private let interval: TimeInterval
    private let hourly: Int
    private var kinds: [String: Kind] = [:]
    private var told: [Date] = []
    /// What was held back since the last report of any kind, by kind.
    private var recent: [String: Int] = [:]

    /// Makes a limit.
    ///
    /// - Parameters:
    ///   - interval: How long errors of a kind that was told are not told again.
    ///   - hourly: The most reports within an hour.
    init(interval: Duration, hourly: Int) {
        self.interval = Double(interval.components.seconds)
        self.hourly = hourly
    }

    /// Whether an error is told now; `nil` when it is held back.
    mutating func admit(_ kind: String, at now: Date) -> HeldBack? {
        told.removeAll { now.timeIntervalSince($0) >= Self.hour }
        let known = kinds[kind]
        let isRepeated = known.map { now.timeIntervalSince($0.told) < interval } ?? false
        guard !isRepeated, told.count < hourly else {
            recent[recent.count < Self.kindLimit ? kind : "", default: 0] += 1
            kinds[kind]?.heldBack += 1
            return nil
        }
        let others = recent.reduce(0) { $0 + ($1.key == kind ? 0 : $1.value) }
        let result = HeldBack(alike: known?.heldBack ?? recent[kind] ?? 0, others: others)
        recent = [:]
        told.append(now)
        remember(kind, at: now)
        return result
    }

    /// How many kinds are remembered.
    var rememberedKinds: Int { kinds.count }

    private mutating func remember(_ kind: String, at now: Date) {
        if kinds.count >= Self.kindLimit { kinds = kinds.filter { now.timeIntervalSince($0.value.told) < interval } }
        if kinds.count >= Self.kindLimit { kinds.removeAll() }
        kinds[kind] = Kind(told: now)
    }
}
