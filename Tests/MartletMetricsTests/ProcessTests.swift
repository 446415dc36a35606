import Testing

@testable import MartletMetrics

struct ProcessTests {
    // proc_pid_stat(5), with a program that calls itself what it likes.
    private static let tail =
        "S 1 2 3 4 -1 4194560 100 0 0 0 250 50 0 0 20 0 7 0 12345 1048576 300 18446744073709551615 1 1 0\n"

    @Test(arguments: ["42 (manage) ", "42 (a) b ( R 9 9 9 9) ", "42 () "])
    func `the statistics stand behind the program's name, whatever it is`(_ head: String) throws {
        let process = try #require(ProcessStatistics(head + Self.tail, bootTime: 1_000, ticks: 100, page: 4_096))
        #expect(process.cpuSeconds == 3)
        #expect(process.threads == 7)
        #expect(process.startTime == 1_123.45)
        #expect(process.virtualMemory == 1_048_576)
        #expect(process.residentMemory == 1_228_800)
    }

    @Test(arguments: ["", "42 (manage", "42 (manage) S 1 2", "42 (manage) S" + String(repeating: " x", count: 30)])
    func `what is no such line is nothing`(_ line: String) {
        #expect(ProcessStatistics(line, bootTime: nil, ticks: 100, page: 4_096) == nil)
    }

    // The names that every client of Prometheus has.
    @Test func `this process is measured under the usual names`() throws {
        let families = processMetrics()
        let values = Dictionary(uniqueKeysWithValues: families.map { ($0.info.name, $0.samples.first?.value ?? 0) })
        for name in [
            "process_virtual_memory_bytes", "process_resident_memory_bytes", "process_start_time_seconds",
            "process_cpu_seconds_total", "process_open_fds", "process_max_fds",
        ] {
            #expect(try #require(values[name], "\(name)") > 0, "\(name)")
        }
    }
}
