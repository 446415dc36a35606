import MartletIO

/// The timeouts in nanoseconds: arming one for each request must not divide 128-bit numbers.
struct Timeouts {
    let head: UInt64
    let body: UInt64
    let idle: UInt64
    let write: UInt64
    let halfClose: UInt64
    let linger: UInt64
    let drain: UInt64

    init(_ settings: ServerSettings) {
        head = settings.headTimeout.wholeNanoseconds
        body = settings.bodyTimeout.wholeNanoseconds
        idle = settings.idleTimeout.wholeNanoseconds
        write = settings.writeTimeout.wholeNanoseconds
        halfClose = settings.halfCloseTimeout.wholeNanoseconds
        linger = settings.lingerTimeout.wholeNanoseconds
        drain = settings.drainTimeout.wholeNanoseconds
    }
}
