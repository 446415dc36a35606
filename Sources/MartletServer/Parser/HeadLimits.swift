/// How large a request head may be; see ``ServerSettings`` for what the numbers mean.
package struct HeadLimits: Sendable {
    package var headSize: Int
    package var headerCount: Int
    package var targetLength: Int

    package init(headSize: Int, headerCount: Int, targetLength: Int) {
        self.headSize = headSize
        self.headerCount = headerCount
        self.targetLength = targetLength
    }
}
