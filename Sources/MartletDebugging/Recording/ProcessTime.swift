import Glibc

/// The processor's time that the whole process has used: requests at the same time share it.
struct ProcessTime: Sendable {
    let user: Duration
    let system: Duration

    static var now: ProcessTime {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return ProcessTime(user: duration(usage.ru_utime), system: duration(usage.ru_stime))
    }

    func since(_ other: ProcessTime) -> ProcessTime {
        ProcessTime(user: user - other.user, system: system - other.system)
    }

    private static func duration(_ time: timeval) -> Duration {
        .seconds(time.tv_sec) + .microseconds(time.tv_usec)
    }
}
