import FoundationEssentials
import Glibc
import MartletIO

/// Notices when the sources below a folder change, by inotify: nothing is read again and again.
final class SourceWatcher {
    /// Readable when something has happened.
    let descriptor: Int32

    private let root: String
    private var folders: [Int32: String] = [:]

    /// Watches `Package.swift`, `.env`, and all that is below `Sources`.
    ///
    /// - Throws: `SystemCallError`, such as for a machine whose number of watches is used up.
    init(root: String) throws {
        self.root = root
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { throw SystemCallError("inotify_init1") }
        try watch(root)
        try watchTree("\(root)/Sources")
    }

    deinit { close(descriptor) }

    /// Takes what has happened.
    ///
    /// - Returns: Whether a source has changed.
    func takeChanges() throws -> Bool {
        var hasChanged = false
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return hasChanged }
            // struct inotify_event: four numbers of 32 bits, then the name, filled up with zeros.
            var start = 0
            while start + 16 <= count {
                let (watch, mask, length) = buffer[start...].withUnsafeBytes { bytes in
                    (
                        bytes.loadUnaligned(as: Int32.self), bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self),
                        Int(bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
                    )
                }
                let name = String(decoding: buffer[start + 16..<start + 16 + length].prefix { $0 != 0 }, as: UTF8.self)
                if try take(watch, mask, name) { hasChanged = true }
                start += 16 + length
            }
        }
    }

    private func take(_ watch: Int32, _ mask: UInt32, _ name: String) throws -> Bool {
        // Too much at once for the kernel to say what.
        if mask & UInt32(IN_Q_OVERFLOW) != 0 { return true }
        guard let folder = folders[watch] else { return false }
        if mask & UInt32(IN_IGNORED) != 0 {
            folders[watch] = nil
            return false
        }
        if mask & UInt32(IN_ISDIR) != 0 {
            guard folder != root, !name.hasPrefix(".") else { return false }
            // What was written before the watch stood is not told: the folder itself counts as a change.
            if mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 { try watchTree("\(folder)/\(name)") }
            return true
        }
        // A new file is told again when it is closed; a link is not.
        return Self.isSource(name, atTop: folder == root) && mask & UInt32(IN_CREATE) == 0
    }

    /// What the compiler reads, or the settings: not what an editor keeps beside it.
    private static func isSource(_ name: String, atTop: Bool) -> Bool {
        if atTop { return name == "Package.swift" || name == ".env" }
        return !name.hasPrefix(".") && !name.hasSuffix("~") && !name.hasPrefix("#")
    }

    private func watchTree(_ folder: String) throws {
        try watch(folder)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where !name.hasPrefix(".") {
            var isFolder = false
            let path = "\(folder)/\(name)"
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder { try watchTree(path) }
        }
    }

    private func watch(_ folder: String) throws {
        let events = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
        let watch = inotify_add_watch(descriptor, folder, UInt32(events))
        if watch >= 0 {
            folders[watch] = folder
        } else if errno != ENOENT && errno != ENOTDIR {
            throw SystemCallError("inotify_add_watch", folder)
        }
    }
}
