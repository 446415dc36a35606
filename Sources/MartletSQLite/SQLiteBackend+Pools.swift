public import MartletORM

extension SQLiteBackend {
    /// The pool of the one connection that writes, and of those that read.
    public var pools: [PoolReport] {
        let (writing, reading) = statistics
        let write = PoolReport("write", limit: 1, writing)
        return file == nil ? [write] : [write, PoolReport("read", limit: readerLimit, reading)]
    }
}
