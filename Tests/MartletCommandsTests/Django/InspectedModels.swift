import Foundation
import Martlet

// Written by `manage inspectdb`. Look through it, and give names and kinds that say more.

/// The table `auth_group`.
struct AuthGroup: Model {
    var id: Int = 0
    var name: String = ""

    static let appLabel = "legacy"
    static let table = Table<AuthGroup>(
        .auto(\.id),
        .char(\.name, maxLength: 150, unique: true),
        name: "auth_group",
        managed: false
    )
}

/// The table `auth_group_permissions`.
struct AuthGroupPermissions: Model {
    var id: Int = 0
    var group = ForeignKey<AuthGroup>()
    var permission = ForeignKey<AuthPermission>()

    static let appLabel = "legacy"
    static let table = Table<AuthGroupPermissions>(
        .auto(\.id),
        .foreignKey(\.group, onDelete: .doNothing),
        .foreignKey(\.permission, onDelete: .doNothing),
        uniqueTogether: [.fields(\.group, \.permission)],
        name: "auth_group_permissions",
        managed: false
    )
}

/// The table `auth_permission`.
struct AuthPermission: Model {
    var id: Int = 0
    var contentType = ForeignKey<DjangoContentType>()
    var codename: String = ""
    var name: String = ""

    static let appLabel = "legacy"
    static let table = Table<AuthPermission>(
        .auto(\.id),
        .foreignKey(\.contentType, onDelete: .doNothing),
        .char(\.codename, maxLength: 100),
        .char(\.name, maxLength: 255),
        uniqueTogether: [.fields(\.contentType, \.codename)],
        name: "auth_permission",
        managed: false
    )
}

/// The table `auth_user`.
struct AuthUser: Model {
    var id: Int = 0
    var password: String = ""
    var lastLogin: Date?
    var isSuperuser: Bool = false
    var username: String = ""
    var lastName: String = ""
    var email: String = ""
    var isStaff: Bool = false
    var isActive: Bool = false
    var dateJoined: Date = Date.now
    var firstName: String = ""

    static let appLabel = "legacy"
    static let table = Table<AuthUser>(
        .auto(\.id),
        .char(\.password, maxLength: 128),
        .dateTime(\.lastLogin),
        .bool(\.isSuperuser),
        .char(\.username, maxLength: 150, unique: true),
        .char(\.lastName, maxLength: 150),
        .char(\.email, maxLength: 254),
        .bool(\.isStaff),
        .bool(\.isActive),
        .dateTime(\.dateJoined),
        .char(\.firstName, maxLength: 150),
        name: "auth_user",
        managed: false
    )
}

/// The table `auth_user_groups`.
struct AuthUserGroups: Model {
    var id: Int = 0
    var user = ForeignKey<AuthUser>()
    var group = ForeignKey<AuthGroup>()

    static let appLabel = "legacy"
    static let table = Table<AuthUserGroups>(
        .auto(\.id),
        .foreignKey(\.user, onDelete: .doNothing),
        .foreignKey(\.group, onDelete: .doNothing),
        uniqueTogether: [.fields(\.user, \.group)],
        name: "auth_user_groups",
        managed: false
    )
}

/// The table `auth_user_user_permissions`.
struct AuthUserUserPermissions: Model {
    var id: Int = 0
    var user = ForeignKey<AuthUser>()
    var permission = ForeignKey<AuthPermission>()

    static let appLabel = "legacy"
    static let table = Table<AuthUserUserPermissions>(
        .auto(\.id),
        .foreignKey(\.user, onDelete: .doNothing),
        .foreignKey(\.permission, onDelete: .doNothing),
        uniqueTogether: [.fields(\.user, \.permission)],
        name: "auth_user_user_permissions",
        managed: false
    )
}

/// The table `django_content_type`.
struct DjangoContentType: Model {
    var id: Int = 0
    var appLabelValue: String = ""
    var model: String = ""

    static let appLabel = "legacy"
    static let table = Table<DjangoContentType>(
        .auto(\.id),
        .char(\.appLabelValue, maxLength: 100, column: "app_label"),
        .char(\.model, maxLength: 100),
        uniqueTogether: [.fields(\.appLabelValue, \.model)],
        name: "django_content_type",
        managed: false
    )
}

/// The table `django_migrations`.
struct DjangoMigrations: Model {
    var id: Int = 0
    var app: String = ""
    var name: String = ""
    var applied: Date = Date.now

    static let appLabel = "legacy"
    static let table = Table<DjangoMigrations>(
        .auto(\.id),
        .char(\.app, maxLength: 255),
        .char(\.name, maxLength: 255),
        .dateTime(\.applied),
        name: "django_migrations",
        managed: false
    )
}

/// The table `django_session`.
struct DjangoSession: Model {
    var id: String = ""
    var sessionData: String = ""
    var expireDate: Date = Date.now

    static let appLabel = "legacy"
    static let table = Table<DjangoSession>(
        .char(\.id, maxLength: 40, primaryKey: true, column: "session_key"),
        .text(\.sessionData),
        .dateTime(\.expireDate, index: true),
        name: "django_session",
        managed: false
    )
}

/// The table `vault_keyword`.
struct VaultKeyword: Model {
    var id: Int = 0
    var name: String = ""

    static let appLabel = "legacy"
    static let table = Table<VaultKeyword>(
        .auto(\.id),
        .char(\.name, maxLength: 50, unique: true),
        name: "vault_keyword",
        managed: false
    )
}

/// The table `vault_record`.
struct VaultRecord: Model {
    var id: UUID = UUID()
    var title: String = ""
    var slug: String = ""
    var email: String = ""
    var homepage: String = ""
    var body: String = ""
    var small: Int = 0
    var medium: Int = 0
    var large: Int = 0
    var smallCount: Int = 0
    var count: Int = 0
    var bigCount: Int = 0
    var isOpen: Bool = false
    var maybe: Bool?
    var rating: Double = 0
    var price: Decimal = 0
    var day: CalendarDate = CalendarDate.first
    var opens: TimeOfDay = TimeOfDay.midnight
    var at: Date = Date.now
    var length: Int = 0
    var content: Data = Data()
    var data: JSONValue = JSONValue.null
    var address: IPAddress = IPAddress(networkOrder: [0, 0, 0, 0])
    var token: UUID = UUID()
    var attachment: String = ""
    var mainKeyword = ForeignKey<VaultKeyword>()
    var owner: ForeignKey<AuthUser>?
    var parent: ForeignKey<VaultRecord>?

    static let appLabel = "legacy"
    static let table = Table<VaultRecord>(
        .uuid(\.id, primaryKey: true),
        .char(\.title, maxLength: 200),
        .char(\.slug, maxLength: 50, index: true),
        .char(\.email, maxLength: 254),
        .char(\.homepage, maxLength: 200),
        .text(\.body),
        .smallInteger(\.small),
        .integer(\.medium),
        .bigInteger(\.large),
        .positiveSmallInteger(\.smallCount),
        .positiveInteger(\.count),
        .positiveBigInteger(\.bigCount),
        .bool(\.isOpen),
        .bool(\.maybe),
        .float(\.rating, index: true),
        .decimal(\.price, maxDigits: 10, decimalPlaces: 5),
        .date(\.day),
        .time(\.opens),
        .dateTime(\.at),
        .bigInteger(\.length),
        .binary(\.content),
        .json(\.data),
        .ipAddress(\.address),
        .uuid(\.token, unique: true),
        .char(\.attachment, maxLength: 120),
        .foreignKey(\.mainKeyword, onDelete: .doNothing),
        .foreignKey(\.owner, onDelete: .doNothing),
        .foreignKey(\.parent, onDelete: .doNothing),
        uniqueTogether: [.fields(\.slug, \.day)],
        name: "vault_record",
        managed: false
    )
}

/// The table `vault_record_keywords`.
struct VaultRecordKeywords: Model {
    var id: Int = 0
    var record = ForeignKey<VaultRecord>()
    var keyword = ForeignKey<VaultKeyword>()

    static let appLabel = "legacy"
    static let table = Table<VaultRecordKeywords>(
        .auto(\.id),
        .foreignKey(\.record, onDelete: .doNothing),
        .foreignKey(\.keyword, onDelete: .doNothing),
        uniqueTogether: [.fields(\.record, \.keyword)],
        name: "vault_record_keywords",
        managed: false
    )
}
