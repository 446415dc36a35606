import FoundationEssentials
import Glibc

/// Why the system refused a file, in its own words: Foundation's would be those for a programmer.
package struct SystemRefusal: Error, CustomStringConvertible {
    /// `Permission denied`.
    package var description: String { String(cString: strerror(number)) }

    /// The system's number of the error, such as `EACCES`.
    package let number: Int32

    /// What to do about a file that cannot be written.
    package var remedy: String {
        switch number {
        case ENOSPC, EDQUOT: "Make room on the disk, and run the command again."
        case EACCES, EPERM, EROFS: "Check the folder's permissions."
        case ENOENT, ENOTDIR: "Its folder is not there: run the command where the project was built."
        default: "Look at what is in its way, and run the command again."
        }
    }

    /// Looks for the system's error behind one of Foundation's; `nil` where there is none.
    package init?(_ error: any Error) {
        if let error = error as? POSIXError {
            number = error.code.rawValue
        } else if let cause = (error as? CocoaError)?.underlying, let found = SystemRefusal(cause) {
            number = found.number
        } else if let code = (error as? CocoaError)?.code, let number = Self.number(of: code) {
            self.number = number
        } else {
            return nil
        }
    }

    private static func number(of code: CocoaError.Code) -> Int32? {
        switch code {
        case .fileNoSuchFile, .fileReadNoSuchFile: ENOENT
        case .fileReadNoPermission, .fileWriteNoPermission: EACCES
        case .fileWriteOutOfSpace: ENOSPC
        case .fileWriteVolumeReadOnly: EROFS
        case .fileWriteFileExists: EEXIST
        default: nil
        }
    }
}
