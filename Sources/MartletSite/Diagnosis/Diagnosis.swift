package import MartletTiming
import Synchronization

/// What came of trying every dependency of a site.
package struct Diagnosis: Sendable {
    /// One dependency.
    package struct Line: Sendable {
        /// The dependency's name.
        package let name: String
        /// What came of it.
        package let finding: Finding

        /// `CRITICAL database: … `
        package var text: String { "\(finding.state.word) \(name): \(finding.message.onOneLine)" }
    }

    /// The dependencies in their order.
    package let lines: [Line]

    /// The worst state: critical before warning before unknown before ok, as Nagios' own plugins have it.
    package var worst: Finding.State {
        let states = Set(lines.map(\.finding.state))
        return [.critical, .warning, .unknown].first { states.contains($0) } ?? .ok
    }

    /// Tries all of them at once, each within its own time.
    package static func of(_ site: RunningSite, _ dependencies: [Dependency], time: TimeSource = .system) async
        -> Diagnosis
    {
        let findings = await withTaskGroup(of: (Int, Finding).self) { group in
            for (index, dependency) in dependencies.enumerated() {
                group.addTask { (index, await dependency.tried(on: site, time)) }
            }
            var findings: [Int: Finding] = [:]
            for await (index, finding) in group { findings[index] = finding }
            return findings
        }
        return Diagnosis(
            lines: dependencies.enumerated().map { index, dependency in
                Line(name: dependency.name, finding: findings[index] ?? .unknown("nothing was found out"))
            })
    }
}

extension Dependency {
    /// Tries it, and gives up when its time is over.
    func tried(on site: RunningSite, _ time: TimeSource) async -> Finding {
        let box = FindingBox()
        let start = time.now()
        let hasEnded = await runAtMost(timeout, time: time) {
            let finding: Finding
            do {
                finding = try await site.bound { try await attempt(site) }
            } catch {
                finding = .critical("\(error)")
            }
            box.set(finding)
        }
        guard hasEnded, let finding = box.finding else {
            return .critical("no answer within \(Quantity.text(timeout)). Look whether it runs and can be reached.")
        }
        let taken = time.now() - start
        guard finding.state == .ok, taken > slowAfter else { return finding }
        return .warning(
            "\(finding.message), but it took \(Quantity.text(taken)), more than \(Quantity.text(slowAfter))")
    }
}

/// Where an attempt leaves what it found, which may be after nobody waits for it any more.
private final class FindingBox: Sendable {
    private let found = Mutex<Finding?>(nil)
    var finding: Finding? { found.withLock { $0 } }
    func set(_ finding: Finding) { found.withLock { $0 = finding } }
}

extension Finding.State {
    /// The word that Nagios shows.
    package var word: String {
        switch self {
        case .ok: "OK"
        case .warning: "WARNING"
        case .critical: "CRITICAL"
        case .unknown: "UNKNOWN"
        }
    }
}

extension String {
    /// Messages of libraries have several lines, and a line of a report is one.
    fileprivate var onOneLine: String {
        split(whereSeparator: \.isNewline).map { line in
            String(line.drop { $0.isWhitespace })
        }.filter { !$0.isEmpty }.joined(separator: "; ")
    }
}
