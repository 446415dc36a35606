extension QuerySet {
    /// The rows at some places of the order, counted from 0: `Post.objects.order { $0.title }[20..<40]`.
    ///
    /// SQL: `… LIMIT 20 OFFSET 20`. A slice of a slice counts from the beginning of the first.
    public subscript(places: Range<Int>) -> Self {
        offset(places.lowerBound).limit(places.upperBound - max(0, places.lowerBound))
    }

    /// The rows at some places, the last one among them: `[20...39]`.
    public subscript(places: ClosedRange<Int>) -> Self {
        let (count, overflows) = places.upperBound.subtractingReportingOverflow(max(0, places.lowerBound))
        let rows = offset(places.lowerBound)
        return overflows || count == .max ? rows : rows.limit(count + 1)
    }

    /// The rows from a place on: `[20...]`.
    public subscript(places: PartialRangeFrom<Int>) -> Self {
        offset(places.lowerBound)
    }

    /// The rows before a place: `[..<20]`.
    public subscript(places: PartialRangeUpTo<Int>) -> Self {
        limit(places.upperBound)
    }

    /// The rows up to a place: `[...19]`.
    public subscript(places: PartialRangeThrough<Int>) -> Self {
        places.upperBound == .max ? self : limit(places.upperBound + 1)
    }
}
