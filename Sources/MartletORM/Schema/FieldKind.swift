/// What a field stores, independent of any database: Django's field class in one value.
///
/// A migration freezes these values, so a case never changes its meaning.
///
/// Source: [Django's model field reference](https://docs.djangoproject.com/en/5.2/ref/models/fields/).
public indirect enum FieldKind: Sendable, Hashable {
    /// A 64-bit number that the database counts up (`BigAutoField`).
    case auto
    /// True or false (`BooleanField`).
    case bool
    /// Text of at most `maxLength` characters (`CharField`).
    case char(maxLength: Int)
    /// One of a list of texts, at most `maxLength` characters long (`CharField` with `choices`).
    case choices([String], maxLength: Int)
    /// A moment, to the microsecond, in UTC (`DateTimeField`).
    case dateTime
    /// An e-mail address (`EmailField`).
    case email(maxLength: Int)
    /// A 64-bit floating-point number (`FloatField`).
    case float
    /// A 32-bit number (`IntegerField`).
    case integer
    /// A 64-bit number (`BigIntegerField`).
    case bigInteger
    /// A 32-bit number that is not negative (`PositiveIntegerField`).
    case positiveInteger
    /// Letters, digits, hyphens and underscores (`SlugField`).
    case slug(maxLength: Int)
    /// Text of any length (`TextField`).
    case text
    /// A UUID (`UUIDField`).
    case uuid
    /// Several values of one kind (`ArrayField`); PostgreSQL only.
    case array(FieldKind, size: Int?)
    /// All values between two (`IntegerRangeField` and its kin); PostgreSQL only.
    case range(RangeKind)
    /// The words of a text as full-text search knows them (`SearchVectorField`); PostgreSQL only.
    case searchVector
    /// A 16-bit number (`SmallIntegerField`).
    case smallInteger
    /// A 16-bit number that is not negative (`PositiveSmallIntegerField`).
    case positiveSmallInteger
    /// A 64-bit number that is not negative (`PositiveBigIntegerField`).
    case positiveBigInteger
    /// A decimal number of at most `maxDigits` digits, `decimalPlaces` of them behind the point (`DecimalField`).
    case decimal(maxDigits: Int, decimalPlaces: Int)
    /// A URL (`URLField`).
    case url(maxLength: Int)
    /// Twelve characters of the shortuuid alphabet (a `CharField` in Django).
    case shortUUID
    /// A day (`DateField`).
    case date
    /// A time of day (`TimeField`).
    case time
    /// A length of time (`DurationField`).
    case duration
    /// Bytes (`BinaryField`).
    case binary
    /// A document of JSON (`JSONField`).
    case json
    /// One of a list of texts; the database refuses others (`CharField` with `choices` and a constraint).
    case checkedChoices([String], maxLength: Int)
    /// One of a list of numbers (`IntegerField` with `choices`).
    case integerChoices([Int])
    /// One of a list of numbers; the database refuses others.
    case checkedIntegerChoices([Int])
    /// An IPv4 or IPv6 address (`GenericIPAddressField`).
    case ipAddress
    /// The name of a file in a storage (`FileField`).
    case file(maxLength: Int)
    /// The name of an image in a storage (`ImageField`).
    case image(maxLength: Int)
    /// The path of a file in a folder of the server (`FilePathField`).
    case filePath(maxLength: Int)
    /// A reference to one row of another model; the column has the type of that model's primary key.
    case foreignKey(to: ModelName, onDelete: OnDelete)
    /// References to many rows of another model, kept in a table between the two; there is no column.
    case manyToMany(to: ModelName)
    /// References to many rows of another model, kept in the table of a third; there is no column.
    case manyToManyThrough(to: ModelName, through: ModelName)
}

extension FieldKind {
    /// Whether the field has a column in its model's own table.
    public var hasColumn: Bool {
        switch self {
        case .manyToMany, .manyToManyThrough: false
        default: true
        }
    }

    /// The model a relation points to.
    public var target: ModelName? {
        switch self {
        case .foreignKey(let to, _), .manyToMany(let to): to
        case .manyToManyThrough(let to, _): to
        default: nil
        }
    }
}

/// What happens to rows that refer to a row that is deleted; carried out by the application, as in Django.
///
/// A model's line says it by a ``DeletionRule``.
///
/// Source: [Django, `on_delete`](https://docs.djangoproject.com/en/5.2/ref/models/fields/#django.db.models.ForeignKey.on_delete).
public enum OnDelete: String, Sendable, Hashable {
    /// Delete them too.
    case cascade
    /// Refuse to delete.
    case protect
    /// Refuse to delete, unless they are deleted by another way in the same delete.
    case restrict
    /// Clear their reference; the field must be optional.
    case setNull
    /// Let them refer to what the field's initial value refers to.
    case setDefault
    /// Let them refer to a row that the model names.
    case set
    /// Leave them; the database refuses at commit if a reference dangles.
    case doNothing
}
