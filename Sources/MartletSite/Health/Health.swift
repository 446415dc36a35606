import MartletJSON
import MartletTiming

/// Whether a site can answer requests, and what keeps it from that.
struct Health: Sendable {
    /// A dependency that was tried.
    struct Check: Sendable {
        let name: String
        let isRequired: Bool
        let finding: Finding
        /// How long it took until it answered, or was given up.
        let duration: Duration

        var isBroken: Bool { finding.state == .critical || finding.state == .unknown }
    }

    /// The checks in their order.
    let checks: [Check]
    let isDraining: Bool

    init(_ checks: [Check], isDraining: Bool = false) {
        self.checks = checks
        self.isDraining = isDraining
    }

    /// That of a server that is to stop: nothing is tried any more.
    static let draining = Health([], isDraining: true)

    var isReady: Bool { !isDraining && !checks.contains { $0.isBroken && $0.isRequired } }

    private var status: String {
        if isDraining { return "draining" }
        if !isReady { return "unavailable" }
        return checks.contains(where: \.isBroken) ? "degraded" : "ok"
    }

    /// What `/ready/` answers. What the database has said is for the log, and not for whoever asks.
    func json() throws -> [UInt8] {
        try JSON.object { object in
            object.field("status", status)
            object.array("broken") { array in
                for check in checks where check.isBroken { array.element(check.name) }
            }
            try object.object("checks") { object in
                for check in checks { try object.object(check.name) { try check.write(to: &$0) } }
            }
        }
    }
}

extension Health.Check {
    fileprivate func write(to object: inout JSONObjectWriter) throws {
        object.field("status", isBroken ? "failed" : finding.state == .ok ? "ok" : "warning")
        object.field("required", isRequired)
        // To the microsecond: more is noise.
        try object.field("seconds", (duration / .microseconds(1)).rounded() / 1_000_000)
    }
}
