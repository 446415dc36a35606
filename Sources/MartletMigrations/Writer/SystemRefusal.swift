import FoundationEssentials
import Glibc

/// Why the system refused a file, in its own words: Foundation's would be those for a programmer.
package struct SystemRefusal: Error, CustomStringConvertible {
    /// `Permission denied`.
    package let description: String

    /// Looks for the system's error behind one of Foundation's; `nil` where there is none.
    package init?(_ error: any Error) {
        if let error = error as? POSIXError {
            description = String(cString: strerror(error.code.rawValue))
        } else if let cause = (error as? CocoaError)?.underlying, let found = SystemRefusal(cause) {
            description = found.description
        } else if let code = (error as? CocoaError)?.code, let number = Self.number(of: code) {
            description = String(cString: strerror(number))
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
