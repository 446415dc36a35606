import FoundationEssentials

/// Writes files below a folder: all of them, or none.
struct ScaffoldWriter {
    let folder: String

    /// Writes new files, and the new texts of those that are there.
    ///
    /// - Throws: ``ScaffoldError`` when one of the new files exists, before anything is written.
    func write(_ files: [ScaffoldFile], replacing changed: [ScaffoldFile] = []) throws(ScaffoldError) {
        for file in files where FileManager.default.fileExists(atPath: path(file)) {
            throw ScaffoldError("'\(path(file))' exists already. Move it away, or choose another name.")
        }
        for file in files + changed {
            do {
                try write(file)
            } catch {
                throw ScaffoldError("'\(path(file))' cannot be written: \(error)")
            }
        }
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

    private func write(_ file: ScaffoldFile) throws {
        let place = URL(fileURLWithPath: path(file))
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: place, options: .atomic)
        let rights = file.isExecutable ? 0o755 : 0o644
        try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: place.path)
    }
}
