import FoundationEssentials

/// The names of static files.
enum StaticName {
    /// Whether a name stays below the folder it is looked for in.
    static func isSafe(_ name: String) -> Bool {
        !name.isEmpty && !name.utf8.contains(0) && !name.hasPrefix("/")
            && !name.split(separator: "/", omittingEmptySubsequences: false).contains {
                $0 == ".." || $0 == "." || $0.isEmpty
            }
    }

    /// Whether there is a file, and not a folder.
    static func isFile(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
    }
}
