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
    var name: String = ""
    var contentType = ForeignKey<DjangoContentType>()
    var codename: String = ""

    static let appLabel = "legacy"
    static let table = Table<AuthPermission>(
        .auto(\.id),
        .char(\.name, maxLength: 255),
        .foreignKey(\.contentType, onDelete: .doNothing),
        .char(\.codename, maxLength: 100),
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
    var firstName: String = ""
    var lastName: String = ""
    var email: String = ""
    var isStaff: Bool = false
    var isActive: Bool = false
    var dateJoined: Date = Date.now

    static let appLabel = "legacy"
    static let table = Table<AuthUser>(
        .auto(\.id),
        .char(\.password, maxLength: 128),
        .dateTime(\.lastLogin),
        .bool(\.isSuperuser),
        .char(\.username, maxLength: 150, unique: true),
        .char(\.firstName, maxLength: 150),
        .char(\.lastName, maxLength: 150),
        .char(\.email, maxLength: 254),
        .bool(\.isStaff),
        .bool(\.isActive),
        .dateTime(\.dateJoined),
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

/// The table `django_admin_log`.
struct DjangoAdminLog: Model {
    var id: Int = 0
    var actionTime: Date = Date.now
    var objectId: String?
    var objectRepr: String = ""
    var actionFlag: Int = 0
    var changeMessage: String = ""
    var contentType: ForeignKey<DjangoContentType>?
    var user = ForeignKey<AuthUser>()

    static let appLabel = "legacy"
    static let table = Table<DjangoAdminLog>(
        .auto(\.id),
        .dateTime(\.actionTime),
        .text(\.objectId),
        .char(\.objectRepr, maxLength: 200),
        .positiveSmallInteger(\.actionFlag),
        .text(\.changeMessage),
        .foreignKey(\.contentType, onDelete: .doNothing),
        .foreignKey(\.user, onDelete: .doNothing),
        name: "django_admin_log",
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

/// The table `vault_city`.
struct VaultCity: Model {
    var id: String = ""
    var people: Int = 0
    // In the database only: FOREIGN KEY ("place_ptr_id") REFERENCES "vault_place" ("code")

    static let appLabel = "legacy"
    static let table = Table<VaultCity>(
        .char(\.id, maxLength: 8, primaryKey: true, column: "place_ptr_id"),
        .positiveBigInteger(\.people),
        name: "vault_city",
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

/// The table `vault_loan`.
struct VaultLoan: Model {
    var id: Int = 0
    var since: Date = Date.now
    var lender = ForeignKey<AuthUser>()
    var reader = ForeignKey<AuthUser>()
    var shelf = ForeignKey<VaultShelf>()

    static let appLabel = "legacy"
    static let table = Table<VaultLoan>(
        .auto(\.id),
        .dateTime(\.since),
        .foreignKey(\.lender, onDelete: .doNothing, relatedName: "vault_loan_lender"),
        .foreignKey(\.reader, onDelete: .doNothing, relatedName: "vault_loan_reader"),
        .foreignKey(\.shelf, onDelete: .doNothing),
        name: "vault_loan",
        managed: false
    )
}

/// The table `vault_place`.
struct VaultPlace: Model {
    var id: String = ""
    var filePath: String = ""

    static let appLabel = "legacy"
    static let table = Table<VaultPlace>(
        .char(\.id, maxLength: 8, primaryKey: true, column: "code"),
        .char(\.filePath, maxLength: 70),
        name: "vault_place",
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
    var length: Duration = Duration.zero
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
        .decimal(\.price, maxDigits: 10, decimalPlaces: 2),
        .date(\.day),
        .time(\.opens),
        .dateTime(\.at),
        .duration(\.length),
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

// The table "vault_seat" has no model: it has no primary key of one column that can be one.

/// The table `vault_shelf`.
struct VaultShelf: Model {
    var id: Int = 0
    var nick: String = ""
    var numbers: [Int?] = []
    var holes: [Int?]?
    var words: [String?] = []
    var texts: [String?] = []
    var grid: [[Int?]] = []
    var moments: [Date?] = []
    var keys: [UUID?] = []
    var flags: [Bool?] = []
    var weights: [Double?] = []
    var pages: RangeValue<Int> = RangeValue.unbounded
    var isbns: RangeValue<Int>?
    var tolls: RangeValue<Decimal> = RangeValue.unbounded
    var openDays: RangeValue<CalendarDate> = RangeValue.unbounded
    var during: RangeValue<Date> = RangeValue.unbounded
    var vector: SearchVector?
    var data: JSONValue?
    var amount: Decimal = 0
    var freeText: String = ""
    var keywordName: String = ""
    var selfValue: ForeignKey<VaultShelf>?
    var twin: ForeignKey<VaultShelf>?
    // The column "prices" has the type "numeric(5,2)[]", which no field stores.
    // The column "labels" has the type "hstore", which no field stores.
    // The column "cost" has the type "money", which no field stores.
    // The column "found" is computed by the database, which takes no value for it: give it a field with `.generated { … }`.
    // In the database only: UNIQUE ("nick")
    // In the database only: "nick" is citext, to which capitals are small letters
    // In the database only: CHECK ((amount >= (0)::numeric))
    // In the database only: CHECK ((NOT ((free_text)::text = 'a b "c"'::text)))
    // In the database only: FOREIGN KEY ("keyword_name") REFERENCES "vault_keyword" ("name")
    // In the database only: EXCLUDE USING gist (pages WITH &&)
    // In the database only: CREATE INDEX shelf_brin ON public.vault_shelf USING brin (amount)
    // In the database only: CREATE INDEX shelf_gin ON public.vault_shelf USING gin (numbers)
    // In the database only: CREATE INDEX shelf_two ON public.vault_shelf USING btree (amount, free_text DESC)
    // In the database only: CREATE INDEX shelf_vector ON public.vault_shelf USING gin (vector)
    // In the database only: CREATE UNIQUE INDEX one_amount_without_data ON public.vault_shelf USING btree (amount) WHERE (data = 'null'::jsonb)
    // In the database only: CREATE UNIQUE INDEX one_text ON public.vault_shelf USING btree (lower((free_text)::text))

    static let appLabel = "legacy"
    static let table = Table<VaultShelf>(
        .auto(\.id),
        .text(\.nick),
        .array(\.numbers, of: .integer),
        .array(\.holes, of: .integer),
        .array(\.words, of: .char(maxLength: 20)),
        .array(\.texts, of: .text),
        .array(\.grid, of: .array(.bigInteger, size: nil)),
        .array(\.moments, of: .dateTime),
        .array(\.keys, of: .uuid),
        .array(\.flags, of: .bool),
        .array(\.weights, of: .float),
        .integerRange(\.pages),
        .bigIntegerRange(\.isbns),
        .decimalRange(\.tolls),
        .dateRange(\.openDays),
        .dateTimeRange(\.during),
        .searchVector(\.vector),
        .json(\.data),
        .decimal(\.amount, maxDigits: 12, decimalPlaces: 2),
        .text(\.freeText),
        .char(\.keywordName, maxLength: 50, index: true),
        .foreignKey(\.selfValue, onDelete: .doNothing, relatedName: "vault_shelf_self_value", column: "self"),
        .oneToOne(\.twin, onDelete: .doNothing, relatedName: "vault_shelf_twin"),
        uniqueTogether: [.fields(\.freeText, \.amount)],
        name: "vault_shelf",
        managed: false
    )
}
