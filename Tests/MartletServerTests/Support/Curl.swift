import Foundation
import MartletIO
import Testing

/// The curl of the system, which knows HTTP from somebody else.
struct Curl {
    let address: SocketAddress

    /// Sends a request.
    ///
    /// - Returns: What the server has answered, as text.
    func send(_ arguments: [String], to path: String) async throws -> String {
        let program = ["/usr/bin/curl", "/usr/local/bin/curl", "/opt/homebrew/bin/curl"]
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        let url = URL(fileURLWithPath: try #require(program, "curl is not installed: apt install curl"))
        let target = "http://\(address)\(path)"
        return try await withCheckedThrowingContinuation { continuation in
            // Waiting for a process blocks, so it has a thread of its own.
            DispatchQueue(label: "martlet.test.curl").async {
                continuation.resume(
                    with: Result { try Self.run(url, ["-sS", "--max-time", "60"] + arguments + [target]) })
            }
        }
    }

    private static func run(_ program: URL, _ arguments: [String]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
