import Glibc

/// A file that holds one secret, as Docker and Kubernetes hand them out.
enum SecretFile {
    struct Problem: Error {
        let words: String
    }

    /// More is a file that was meant for something else.
    private static let mostBytes = 65_536

    /// Reads the file without the line end that editors put behind its text.
    static func read(_ path: String) -> Result<String, Problem> {
        // Without O_NONBLOCK a named pipe would keep the start waiting for ever.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return failure("it cannot be opened: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return failure("it is no regular file")
        }
        guard status.st_size <= mostBytes else { return failure("it has more than \(mostBytes) bytes") }
        var bytes = [UInt8](repeating: 0, count: mostBytes + 1)
        var count = 0
        while count < bytes.count {
            let read = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count)
            }
            guard read >= 0 else { return failure("it cannot be read: \(String(cString: strerror(errno)))") }
            guard read > 0 else { break }
            count += read
        }
        guard count <= mostBytes else { return failure("it has more than \(mostBytes) bytes") }
        guard var text = String(validating: bytes[..<count], as: UTF8.self) else {
            return failure("it is no text in UTF-8")
        }
        if text.last == "\n" || text.last == "\r\n" { text.removeLast() }
        guard !text.isEmpty else { return failure("it is empty") }
        guard !text.utf8.contains(0) else { return failure("it has a null character in it") }
        return .success(text)
    }

    private static func failure(_ words: String) -> Result<String, Problem> { .failure(Problem(words: words)) }
}
