import CMartletLinux
import Glibc

/// What the system holds of files in memory; looking there never waits for a disk.
public enum PageCache {
    /// What became of a look.
    public enum Outcome: Sendable, Hashable {
        /// So many bytes are there and were read; fewer than asked for at the end of the file, or where the rest is not
        /// in memory.
        case bytes(Int)
        /// The bytes are on the disk only. The system has begun to read them, where it does so.
        case absent
        /// The file system cannot tell, or the file cannot be read.
        case unknown
    }

    /// Reads from a file what is in memory.
    ///
    /// - Parameters:
    ///   - offset: The place in the file, in bytes.
    ///   - buffer: Takes the bytes; its size is the most that is read.
    public static func read(_ file: Int32, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        #if os(Linux)
        let count = martlet_read_cached(file, buffer.baseAddress, buffer.count, off_t(offset))
        if count >= 0 { return .bytes(count) }
        return errno == EAGAIN ? .absent : .unknown
        #else
        return .unknown
        #endif
    }

    /// Whether a range of a file is in memory, judged by its two ends: the system reads and forgets files in long runs.
    ///
    /// - Returns: `nil` when the file system cannot tell.
    public static func holds(_ file: Int32, _ range: Range<Int>) -> Bool? {
        var byte: UInt8 = 0
        return withUnsafeMutableBytes(of: &byte) { byte in
            for offset in [range.lowerBound, range.upperBound - 1] {
                switch read(file, at: offset, into: byte) {
                case .bytes: continue
                case .absent: return false
                case .unknown: return nil
                }
            }
            return true
        }
    }
}
