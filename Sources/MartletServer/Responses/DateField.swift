import Glibc
import MartletHTTP
import MartletIO

/// The `Date` line of responses, rendered once a second.
///
/// Source: [RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7).
struct DateField {
    private var line: [UInt8] = []
    private var validUntil: UInt64 = 0

    /// The whole line with its CR LF.
    mutating func line(at now: Moment) -> [UInt8] {
        if now.nanoseconds >= validUntil {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            line = Self.render(time.tv_sec)
            validUntil = now.nanoseconds + 1_000_000_000 - UInt64(time.tv_nsec)
        }
        return line
    }

    /// Renders seconds since 1970.
    static func render(_ seconds: Int) -> [UInt8] {
        Array("Date: \(HTTPDate(secondsSince1970: seconds))\r\n".utf8)
    }
}
