import FoundationEssentials
import Glibc
import MartletMigrations

/// Writes files below a folder: all of them, or none.
struct ScaffoldWriter {
    let folder: String

    /// Writes new files, and the new texts of those that are there.
    ///
    /// - Throws: ``ScaffoldError`` when one of the new files exists, before anything is written; and when one cannot be
    ///   written: then all is as it was.
    func write(_ files: [ScaffoldFile], replacing changed: [ScaffoldFile] = []) throws(ScaffoldError) {
        for file in files where FileManager.default.fileExists(atPath: path(file)) {
            throw ScaffoldError("'\(path(file))' exists already. Move it away, or choose another name.")
        }
        var folders: [URL] = []
        var written: [(place: URL, old: Data?)] = []
        for file in files + changed {
            let place = URL(fileURLWithPath: path(file))
            do {
                let old = FileManager.default.contents(atPath: place.path)
                try makeFolder(place.deletingLastPathComponent(), &folders)
                try write(file, to: place)
                written.append((place, old))
            } catch {
                for (place, old) in written { Self.restore(place, to: old) }
                for folder in folders.reversed() { _ = rmdir(folder.path) }
                throw ScaffoldError("'\(path(file))' cannot be written: \(Self.reason(error)).")
            }
        }
    }

    /// Makes a folder and those above it, and remembers them.
    private func makeFolder(_ folder: URL, _ made: inout [URL]) throws {
        var status = stat()
        if stat(folder.path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw POSIXError(.ENOTDIR) }
            return
        }
        let above = folder.deletingLastPathComponent()
        if above.path != folder.path { try makeFolder(above, &made) }
        guard mkdir(folder.path, 0o777) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        made.append(folder)
    }

    private static func restore(_ place: URL, to old: Data?) {
        if let old {
            try? old.write(to: place, options: .atomic)
        } else {
            try? FileManager.default.removeItem(at: place)
        }
    }

    /// The system's words: Foundation's are for programmers.
    private static func reason(_ error: any Error) -> String {
        SystemRefusal(error).map { "\($0)" } ?? "\(error)"
    }

    /// The text of a file.
    ///
    /// - Throws: ``ScaffoldError`` when it cannot be read.
    func read(_ name: String) throws(ScaffoldError) -> String {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
            let text = String(bytes: data, encoding: .utf8)
        else {
            throw ScaffoldError(
                "'\(folder)/\(name)' cannot be read. Go to the project's folder: the one with Package.swift.")
        }
        return text
    }

    private func path(_ file: ScaffoldFile) -> String { "\(folder)/\(file.path)" }

    private func write(_ file: ScaffoldFile, to place: URL) throws {
        try Data(file.text.utf8).write(to: place, options: .atomic)
        let rights = file.isPrivate ? 0o600 : file.isExecutable ? 0o755 : 0o644
        try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: place.path)
    }
}
