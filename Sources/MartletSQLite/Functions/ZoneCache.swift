import CSQLite
import FoundationEssentials
import MartletCalendar

/// The rules of a zone, kept by SQLite for as long as a statement runs with the same name.
final class ZoneCache {
    private let rules: ZoneRules

    private init(_ rules: ZoneRules) {
        self.rules = rules
    }

    /// Where the system keeps its zones.
    private static let folder = "/usr/share/zoneinfo/"

    /// The rules that an argument names.
    static func rules(named index: Int, of arguments: FunctionArguments) throws(FunctionError) -> ZoneRules {
        if let kept = sqlite3_get_auxdata(arguments.context, Int32(index)) {
            return Unmanaged<ZoneCache>.fromOpaque(kept).takeUnretainedValue().rules
        }
        let rules = try read(arguments.text(index))
        let box = Unmanaged.passRetained(ZoneCache(rules)).toOpaque()
        sqlite3_set_auxdata(arguments.context, Int32(index), box) { box in
            if let box { Unmanaged<ZoneCache>.fromOpaque(box).release() }
        }
        return rules
    }

    private static func read(_ name: String) throws(FunctionError) -> ZoneRules {
        if name == "UTC" { return ZoneRules(fixed: 0) }
        if let seconds = fixedOffset(name) { return ZoneRules(fixed: seconds) }
        // A name comes from the text of a statement, but it becomes a path.
        let isName =
            !name.hasPrefix("/") && !name.contains("..")
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        // This runs on the connection's own queue, where files may be read.
        guard isName, let content = try? Data(contentsOf: URL(filePath: folder + name)),
            let rules = ZoneRules(Array(content))
        else {
            throw FunctionError(
                "time zone \"\(name.prefix(80))\" not recognized; \(folder) has no file of that name. "
                    + "Install the package tzdata, or correct the name.")
        }
        return rules
    }

    /// `+05:30`
    private static func fixedOffset(_ name: String) -> Int? {
        guard let sign = name.first, sign == "+" || sign == "-" else { return nil }
        let parts = name.dropFirst().split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...3).contains(parts.count), let hours = parts[0], (0...23).contains(hours) else { return nil }
        let rest = parts.dropFirst().map { $0 ?? 60 }
        guard rest.allSatisfy((0...59).contains) else { return nil }
        let seconds = rest.reduce((sum: hours * 3_600, unit: 60)) { ($0.sum + $1 * $0.unit, $0.unit / 60) }.sum
        return sign == "-" ? -seconds : seconds
    }
}
