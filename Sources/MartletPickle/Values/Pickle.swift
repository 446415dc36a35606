/// Python's pickles of plain values: what a Django site keeps in its cache.
///
/// ```swift
/// let session = try Pickle.loads(bytes)
/// let bytes = try Pickle.dumps(["_auth_user_id": "1"])
/// ```
///
/// A pickle is a program, and unpickling runs it: Python warns never to do so with bytes that one does not trust. Here
/// only instructions that build plain values are known: `None`, `bool`, `int`, `float`, `str`, `bytes`, `list`, `tuple`,
/// `dict` and `datetime`. Anything that would find a class or call a function is an error.
///
/// Source: CPython, `Lib/pickle.py` and `Lib/pickletools.py`.
public enum Pickle {
    /// Reads a pickle of protocol 2, 3, 4 or 5.
    ///
    /// A list that is referred to twice is read as two equal lists; one that contains itself is an error.
    ///
    /// - Parameters:
    ///   - bytes: One pickle and nothing behind it.
    ///   - limits: How much is read.
    /// - Throws: ``PickleError`` with the place in the bytes.
    public static func loads(_ bytes: [UInt8], limits: PickleLimits = PickleLimits()) throws(PickleError) -> PickleValue
    {
        var machine = PickleMachine(bytes, limits: limits)
        let result = try machine.run()
        var builder = ValueBuilder(containers: machine.containers, limits: limits)
        return try builder.value(result)
    }

    /// Writes a value as a pickle of protocol 4, which every Python since 3.4 reads.
    ///
    /// - Throws: ``PickleError/Code/tooDeep`` for more than 512 levels.
    public static func dumps(_ value: PickleValue) throws(PickleError) -> [UInt8] {
        var writer = PickleWriter()
        try writer.write(value)
        return writer.finish()
    }
}
