import MartletORM

/// A field of each kind of text, and an optional one of each.
struct TextSpecimen: Model {
    var id = 0
    var title = ""
    var body = ""
    var slug = ""
    var email = ""
    var homepage = ""
    var maybeTitle: String?
    var maybeBody: String?
    var maybeSlug: String?
    var maybeEmail: String?
    var maybeHomepage: String?

    static let appLabel = "fields"
    static let table = Table<TextSpecimen>(
        .auto(\.id), .char(\.title, maxLength: 300), .text(\.body), .slug(\.slug, maxLength: 300),
        .email(\.email, maxLength: 300), .url(\.homepage, maxLength: 300), .char(\.maybeTitle, maxLength: 300),
        .text(\.maybeBody), .slug(\.maybeSlug, maxLength: 300), .email(\.maybeEmail, maxLength: 300),
        .url(\.maybeHomepage, maxLength: 300))

    init() {}

    /// The same text in all fields.
    init(_ text: String) {
        (title, body, slug, email, homepage) = (text, text, text, text, text)
        (maybeTitle, maybeBody, maybeSlug, maybeEmail, maybeHomepage) = (text, text, text, text, text)
    }

    var texts: [String] { [title, body, slug, email, homepage] }
    var optionals: [String?] { [maybeTitle, maybeBody, maybeSlug, maybeEmail, maybeHomepage] }
}
