public import MartletValues

extension ShortUUID: PathParameter, TotalPathParameter {
    /// `shortuuid`.
    public static var converters: [PathConverter] { [.shortuuid] }

    /// Reads 12 or 22 characters.
    public init?(pathSegment: Substring) {
        self.init(pathSegment)
    }

    /// The 12 or 22 characters.
    public var pathSegment: String { description }
}
