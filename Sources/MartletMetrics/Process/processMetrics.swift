import Glibc

/// What the system says about this process, under the names that the clients of Prometheus share.
///
/// Source: [Prometheus, process metrics](https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).
package func processMetrics() -> [MetricFamily] {
    var families: [MetricFamily] = []
    if let process = ProcessStatistics.current() {
        families = [
            MetricFamily(
                .gauge, "process_virtual_memory_bytes", "Virtual memory size in bytes.", Double(process.virtualMemory)),
            MetricFamily(
                .gauge, "process_resident_memory_bytes", "Resident memory size in bytes.",
                Double(process.residentMemory)),
            MetricFamily(
                .counter, "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
                process.cpuSeconds),
            MetricFamily(.gauge, "process_threads", "Number of threads of the process.", Double(process.threads)),
        ]
        if let start = process.startTime {
            families.append(
                MetricFamily(
                    .gauge, "process_start_time_seconds", "Start time of the process since unix epoch in seconds.",
                    start))
        }
    }
    if let count = SystemFile.count("/proc/self/fd") {
        families.append(
            MetricFamily(.gauge, "process_open_fds", "Number of open file descriptors.", Double(count)))
    }
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
        let most = limit.rlim_cur == ~0 ? Double.infinity : Double(limit.rlim_cur)
        families.append(
            MetricFamily(.gauge, "process_max_fds", "Maximum number of open file descriptors.", most))
    }
    return families
}
