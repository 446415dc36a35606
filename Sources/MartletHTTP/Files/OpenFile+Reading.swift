import Glibc

extension OpenFile {
    /// Reads some bytes into memory, away from the worker.
    ///
    /// - Parameter range: All of the file unless told; what lies beyond its end is cut off.
    /// - Throws: ``FileError`` when the file cannot be read, or has become shorter than it was when it was opened.
    public func read(_ range: Range<Int>? = nil) async throws -> [UInt8] {
        let region = FileRegion(self, range)
        return try await Self.away { try self.readNow(region.range) }
    }

    /// As ``read(_:)``, waiting for the disk.
    private func readNow(_ range: Range<Int>) throws(FileError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let got = pread(descriptor, rest.baseAddress, range.count - filled, off_t(range.lowerBound + filled))
                if got > 0 {
                    filled += got
                } else if got == 0 || errno != EINTR {
                    failure = got == 0 ? 0 : errno
                    return
                }
            }
        }
        // The length is told before the content: a file that became shorter cannot be sent as announced.
        guard bytes.count == range.count else { throw FileError(.reading, name, code: failure) }
        return bytes
    }
}
