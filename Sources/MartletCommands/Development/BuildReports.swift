import Dispatch
import Glibc
import MartletHTTP
import MartletIO
import MartletSite
import Synchronization

/// What went wrong in the last build, as the process that builds tells the one that serves.
///
/// They speak over a pipe: the length of a report in decimal, a line's end, the report. An empty one says that all is
/// well. The end of the pipe is that of the process that builds, and then nobody would restart or stop the server.
final class BuildReports: Sendable {
    /// Says in the environment that the input is such a pipe.
    static let variable = "MARTLET_BUILD_REPORTS"

    private let current = Mutex("")

    /// The last report; empty while all is well.
    var text: String { current.withLock { $0 } }

    /// Reads reports on a thread of its own until the pipe ends.
    ///
    /// - Parameter end: Called then.
    func read(from descriptor: Int32, atEnd end: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "martlet.development.reports").async { [self] in
            var pending: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Glibc.read(descriptor, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return end() }
                pending += buffer[..<count]
                while let report = Self.take(from: &pending) { current.withLock { $0 = report } }
            }
        }
    }

    private static func take(from bytes: inout [UInt8]) -> String? {
        guard let line = bytes.firstIndex(of: UInt8(ascii: "\n")),
            let length = Int(String(decoding: bytes[..<line], as: UTF8.self)), bytes.count > line + length
        else { return nil }
        let report = String(decoding: bytes[(line + 1)...(line + length)], as: UTF8.self)
        bytes.removeFirst(line + 1 + length)
        return report
    }

    /// Writes a report into such a pipe; a server that has ended does not read it.
    static func write(_ report: String, to descriptor: Int32) {
        StandardStreams.write("\(report.utf8.count)\n\(report)", to: descriptor)
    }

    /// Shows the report at the top of every page.
    func showing(_ handler: @escaping Handler) -> Handler {
        { [self] request in
            let report = text
            guard !report.isEmpty else { return try await handler(request) }
            var response = try await handler(request)
            guard response.headers[.contentType]?.hasPrefix("text/html") == true, let page = response.body.bytes
            else { return response }
            // A compressed page cannot be added to: the report takes its place.
            let isCompressed = response.headers[.contentEncoding] != nil
            response.body = .bytes(Self.panel(report) + (isCompressed ? [] : page))
            response.headers.remove(.contentEncoding)
            response.headers.remove(.contentLength)
            response.headers.remove(.eTag)
            return response
        }
    }

    /// Plain elements: a style would need the leave of the page's own policy of contents.
    private static func panel(_ report: String) -> [UInt8] {
        var text = ""
        for letter in report.unicodeScalars {
            switch letter {
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "&": text += "&amp;"
            default: text.unicodeScalars.append(letter)
            }
        }
        let head = "<!DOCTYPE html>\n<section role=\"alert\"><h1>The build failed</h1>"
        let note = "<p>Below is what the last version that could be built answers.</p><hr></section>\n"
        return Array((head + "<pre>" + text + "</pre>" + note).utf8)
    }
}
