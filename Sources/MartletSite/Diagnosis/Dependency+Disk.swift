import FoundationEssentials
import Glibc
import MartletServer

extension Dependency {
    /// The space on the disks that the site writes to.
    static func disk(_ settings: Settings) -> Dependency {
        Dependency("disk") { running in
            let temporary = FileManager.default.temporaryDirectory.path
            let database = settings.database.path.map { running.site.path(DiskSpace.folder(of: $0)) }
            let folders = [running.site.folder, database, settings.server.uploadDirectory ?? temporary].compactMap(
                \.self)
            var spaces: [DiskSpace] = []
            for folder in folders {
                guard let space = DiskSpace(folder) else {
                    return .critical(
                        "\(folder): \(String(cString: strerror(errno))). Make it, or correct the settings.")
                }
                // Folders of one disk say the same.
                if !spaces.contains(where: { $0.device == space.device }) { spaces.append(space) }
            }
            return DiskSpace.finding(spaces)
        }
    }
}

/// What is left on the disk of a folder.
package struct DiskSpace {
    let folder: String
    let device: UInt
    /// Bytes that a process without privileges may use.
    let free: UInt64
    let size: UInt64
    /// Files that can be made, of how many; 0 of 0 on file systems that do not count.
    let freeFiles: UInt64
    let files: UInt64

    /// Looks; `nil` with `errno` set where there is no such folder.
    init?(_ folder: String) {
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        self.init(
            folder: folder, device: status.f_fsid, free: UInt64(status.f_bavail) * UInt64(status.f_frsize),
            size: UInt64(status.f_blocks) * UInt64(status.f_frsize), freeFiles: UInt64(status.f_favail),
            files: UInt64(status.f_files))
    }

    package init(folder: String, device: UInt, free: UInt64, size: UInt64, freeFiles: UInt64 = 0, files: UInt64 = 0) {
        self.folder = folder
        self.device = device
        self.free = free
        self.size = size
        self.freeFiles = freeFiles
        self.files = files
    }

    /// Full from 5 % or 100 MB on, and nearly so from 10 % or 1 GB on, whichever is less: a tenth of a large disk is a lot.
    package var finding: Finding {
        let words = "\(folder) has \(free >> 20) MB of \(size >> 20) MB left"
        if free < min(size / 20, 100 << 20) || isShortOfFiles(20) {
            return .critical("\(words)\(filesLeft). Make room.")
        }
        if free < min(size / 10, 1 << 30) || isShortOfFiles(10) {
            return .warning("\(words)\(filesLeft). Make room soon.")
        }
        return .ok(words)
    }

    private func isShortOfFiles(_ part: UInt64) -> Bool { files > 0 && freeFiles < files / part }

    private var filesLeft: String { isShortOfFiles(10) ? ", and room for \(freeFiles) more files of \(files)" : "" }

    /// The worst of several disks; what is fine about all of them otherwise.
    static func finding(_ spaces: [DiskSpace]) -> Finding {
        let findings = spaces.map(\.finding)
        for state in [Finding.State.critical, .warning] {
            if let worst = findings.first(where: { $0.state == state }) { return worst }
        }
        return .ok(findings.map(\.message).joined(separator: "; "))
    }

    /// The folder of a file.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
