import Foundation
import Glibc
import MartletIO

/// A private Prometheus that asks one address five times a second, killed with its last reference.
package final class PrometheusServer: Sendable {
    /// The port on 127.0.0.1 where it answers.
    package let port: Int
    private let folder: TemporaryFolder
    private let process: Program

    /// Starts a server that asks `/metrics` on a port of this machine.
    package init(asking port: Int) throws {
        folder = try TemporaryFolder()
        let configuration = """
            global: {scrape_interval: 200ms, scrape_timeout: 200ms}
            scrape_configs:
              - job_name: site
                static_configs: [{targets: ["127.0.0.1:\(port)"]}]
            """
        try configuration.write(toFile: "\(folder.path)/prometheus.yml", atomically: true, encoding: .utf8)
        self.port = try Self.freePort()
        process = try Program(
            "prometheus",
            [
                "--config.file=\(folder.path)/prometheus.yml", "--storage.tsdb.path=\(folder.path)/data",
                "--web.listen-address=127.0.0.1:\(self.port)", "--log.level=error",
            ])
    }

    /// Whether it has not ended.
    package var isRunning: Bool { process.isRunning }

    /// A port that nobody listens on. Prometheus cannot say which it has chosen by itself.
    private static func freePort() throws -> Int {
        let (socket, address) = try Socket.listen(host: "127.0.0.1", port: 0, backlog: 1)
        Socket.close(socket)
        return address.port
    }
}
