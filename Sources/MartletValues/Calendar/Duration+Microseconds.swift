extension Duration {
    /// The whole microseconds, cut towards zero, which are what databases keep; `nil` beyond 64 bits (292,000 years).
    package var wholeMicroseconds: Int64? {
        let (seconds, attoseconds) = components
        let (product, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, overflows) = product.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        return isTooLarge || overflows ? nil : sum
    }
}
