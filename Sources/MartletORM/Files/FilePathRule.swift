import MartletStorage

extension Validator where V: TextValue {
    /// A path that leads into a folder, of which only the names that end with something count.
    static func filePath(in folder: String, suffix: String, recursive: Bool) -> Validator {
        Validator("invalid_choice") { value in
            guard case .text(let path) = value.sqlValue else { return nil }
            let parts = FilePathRule.parts(of: path, below: folder)
            let isChoice =
                parts.map { path.utf8.reversed().starts(with: suffix.utf8.reversed()) && (recursive || $0.count == 1) }
                ?? false
            return isChoice ? nil : FilePathRule.message(path)
        }
    }
}

/// Paths of files below a folder of the server.
enum FilePathRule {
    static func message(_ path: String) -> String { "Value '\(path)' is not a valid choice." }

    /// The names on the way from the folder to the file; `nil` for a path that does not lead into it.
    ///
    /// By bytes, as the system reads paths: beside some characters a slash or dot is no `Character` of its own.
    static func parts(of path: String, below folder: String) -> [Substring]? {
        let base = folder.utf8.last == 0x2F ? folder : folder + "/"
        guard path.utf8.starts(with: base.utf8), !path.utf8.contains(0) else { return nil }
        let parts = path.utf8.dropFirst(base.utf8.count).split(separator: 0x2F, omittingEmptySubsequences: false)
        return parts.allSatisfy { !$0.isEmpty && $0.first != 0x2E } ? parts.map { Substring($0) } : nil
    }

    /// Whether there is such a file; no symbolic link below the folder is followed.
    static func exists(_ path: String, below folder: String) async -> Bool {
        guard let parts = parts(of: path, below: folder) else { return false }
        return (try? await LocalStorage(folder: folder).exists(parts.joined(separator: "/"))) ?? false
    }
}

extension Table {
    /// Which paths lead to no file.
    ///
    /// - Parameter invalid: Fields that are not looked at.
    func missingFiles(of model: M, except invalid: Set<String>) async -> [ValidationProblem] {
        var problems: [ValidationProblem] = []
        for (field, value) in zip(columns, encode(model)) where !invalid.contains(field.name) {
            guard let folder = field.pathFolder, case .text(let path) = value, !path.isEmpty else { continue }
            if await !FilePathRule.exists(path, below: folder) {
                problems.append(
                    ValidationProblem(
                        field: field.name, message: FilePathRule.message(path), code: "invalid_choice"))
            }
        }
        return problems
    }
}
