/// One page of a query's rows, and how many there are in all.
///
/// Source: [Django's paginator](https://docs.djangoproject.com/en/5.2/ref/paginator/).
public struct Page<Element: Sendable>: Sendable {
    /// The rows of this page.
    public let items: [Element]
    /// The page's number, from 1.
    public let number: Int
    /// How many rows a page has.
    public let size: Int
    /// How many rows there are in all.
    public let count: Int

    /// Makes a page.
    public init(items: [Element], number: Int, size: Int, count: Int) {
        self.items = items
        self.number = number
        self.size = size
        self.count = count
    }

    /// How many pages there are; one when there are no rows.
    public var pages: Int { Self.pages(of: count, size: size) }
    /// Rounds up without a sum that might overflow.
    static func pages(of count: Int, size: Int) -> Int {
        guard size > 0, count > 0 else { return 1 }
        return count / size + (count % size == 0 ? 0 : 1)
    }

    /// Whether a page precedes this one.
    public var hasPrevious: Bool { number > 1 }
    /// Whether a page follows this one.
    public var hasNext: Bool { number < pages }
}

extension QuerySet {
    /// A page of the rows, with two statements: the count, and the page's rows.
    ///
    /// - Parameters:
    ///   - number: From 1.
    ///   - size: Rows on a page.
    /// - Throws: ``ORMError/noSuchPage(number:pages:)`` beyond the last page or below 1.
    public func page(_ number: Int, size: Int) async throws -> Page<M> {
        let (offset, count) = try await place(ofPage: number, size: size)
        let items = count == 0 ? [] : try await self.offset(offset).limit(size).all()
        return Page(items: items, number: number, size: size, count: count)
    }

    /// Where a page begins, and how many rows there are.
    func place(ofPage number: Int, size: Int) async throws -> (offset: Int, count: Int) {
        guard size > 0 else { throw ORMError.invalidQuery("A page of \(size) rows is no page; use 1 or more.") }
        let count = try await count()
        let pages = Page<M>.pages(of: count, size: size)
        guard (1...pages).contains(number) else { throw ORMError.noSuchPage(number: number, pages: pages) }
        return ((number - 1) * size, count)
    }
}
