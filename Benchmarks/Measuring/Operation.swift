import FoundationEssentials
import Glibc

/// What is measured.
public struct Operation {
    let name: String
    /// How often one call of `run` makes it.
    let count: Int
    /// Returns something of the results.
    let run: () async throws -> Int

    /// Describes what is measured.
    ///
    /// - Parameters:
    ///   - count: How often one call of `run` makes it.
    ///   - run: Returns something of the results.
    public init(_ name: String, count: Int, run: @escaping () async throws -> Int) {
        self.name = name
        self.count = count
        self.run = run
    }
}

/// What one operation costs.
private struct Measurement: Encodable {
    let name: String
    /// Nanoseconds of this process's CPU time, the median of the rounds.
    let nanoseconds: Double
    /// What all operations returned: printed, so that the optimizer keeps them.
    let checksum: Int
}

/// The subjects that the command line names, one after the other; prints one JSON object a line for the driver.
///
/// A name that is none of them ends the program with status 2.
public func measure(_ subjects: [String: @Sendable () async throws -> [Operation]]) async throws {
    for name in CommandLine.arguments.dropFirst() {
        guard let subject = subjects[name] else {
            print("No subject is called '\(name)'; there are \(subjects.keys.sorted().joined(separator: ", ")).")
            exit(2)
        }
        for measurement in try await measurements(of: subject()) {
            print(String(decoding: try JSONEncoder().encode(measurement), as: UTF8.self))
        }
    }
}

/// Measures operations in turn, round by round, so that a slow moment of the machine meets all of them.
private func measurements(of operations: [Operation], rounds: Int = 11) async throws -> [Measurement] {
    var times = [[Double]](repeating: [], count: operations.count)
    var checksums = [Int](repeating: 0, count: operations.count)
    for round in 0...rounds {
        for (index, operation) in operations.enumerated() {
            let start = processTime
            checksums[index] &+= try await operation.run()
            // The first round only warms up.
            if round > 0 { times[index].append((processTime - start) / Double(operation.count)) }
        }
    }
    return operations.indices.map { index in
        Measurement(
            name: operations[index].name, nanoseconds: times[index].sorted()[rounds / 2], checksum: checksums[index])
    }
}

private var processTime: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}
