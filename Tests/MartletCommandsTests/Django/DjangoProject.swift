import FoundationEssentials
import TestPrograms

/// A real Django project in a folder, with a database of its own: SQLite's unless told.
///
/// Its app `vault` has a field of every kind that SQLite knows, a natural key, a many-to-many field, a reference to
/// itself and one to `auth.User`.
struct DjangoProject {
    let folder: URL
    private let python: PythonEnvironment
    private let settings: String

    /// Makes the project and its database.
    static func with(_ body: (DjangoProject) async throws -> Void) async throws {
        try await with(
            PythonEnvironment(PythonEnvironment.django), apps: ["contenttypes", "auth", "sessions"],
            database: "{'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'db.sqlite3'}", models: models, body)
    }

    /// Makes a project.
    ///
    /// - Parameters:
    ///   - apps: Which of Django's own apps it has.
    ///   - database: The database's settings in Python.
    ///   - models: The `models.py` of its app `vault`.
    ///   - prepare: What is run before the first migration is.
    static func with(
        _ python: PythonEnvironment, apps: [String], database: String, models: String, preparing prepare: String = "",
        _ body: (DjangoProject) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("vault"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in ["__init__.py": "", "models.py": models] {
            try Data(text.utf8).write(to: folder.appendingPathComponent("vault/\(name)"))
        }
        let apps = apps.map { "'django.contrib.\($0)'" }.joined(separator: ", ")
        let settings = Self.settings.replacing("@apps@", with: apps).replacing("@database@", with: database)
        let project = DjangoProject(folder: folder, python: python, settings: settings)
        if !prepare.isEmpty { _ = try await project.run(prepare) }
        _ = try await project.run("call_command('makemigrations', 'vault', verbosity=0)")
        _ = try await project.run("call_command('migrate', verbosity=0)")
        try await body(project)
    }

    /// The database's file.
    var file: String { folder.appendingPathComponent("db.sqlite3").path }

    /// Runs lines of Python in the project.
    func run(_ lines: String) async throws -> String {
        try await python.run(settings + lines, folder.path)
    }

    private static let settings = """
        import os, sys
        os.chdir(sys.argv[1])
        sys.path.insert(0, sys.argv[1])
        import django
        from django.conf import settings
        settings.configure(
            INSTALLED_APPS=[@apps@, 'vault'],
            DATABASES={'default': @database@},
            USE_TZ=True, SECRET_KEY='test', DEFAULT_AUTO_FIELD='django.db.models.BigAutoField')
        django.setup()
        from django.core.management import call_command

        """

    static let models = """
        import uuid
        from django.conf import settings
        from django.db import models

        class KeywordManager(models.Manager):
            def get_by_natural_key(self, name):
                return self.get(name=name)

        class Keyword(models.Model):
            name = models.CharField(max_length=50, unique=True)
            objects = KeywordManager()
            def natural_key(self):
                return (self.name,)

        class Record(models.Model):
            id = models.UUIDField(primary_key=True, default=uuid.uuid4)
            title = models.CharField(max_length=200)
            slug = models.SlugField()
            email = models.EmailField(blank=True)
            homepage = models.URLField(blank=True)
            body = models.TextField()
            small = models.SmallIntegerField()
            medium = models.IntegerField()
            large = models.BigIntegerField()
            small_count = models.PositiveSmallIntegerField()
            count = models.PositiveIntegerField()
            big_count = models.PositiveBigIntegerField()
            is_open = models.BooleanField()
            maybe = models.BooleanField(null=True)
            rating = models.FloatField()
            price = models.DecimalField(max_digits=10, decimal_places=2)
            day = models.DateField()
            opens = models.TimeField()
            at = models.DateTimeField()
            length = models.DurationField()
            content = models.BinaryField()
            data = models.JSONField()
            address = models.GenericIPAddressField()
            token = models.UUIDField(unique=True)
            attachment = models.FileField(max_length=120, blank=True)
            parent = models.ForeignKey('self', models.SET_NULL, null=True, related_name='children')
            owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
            main_keyword = models.ForeignKey(Keyword, models.PROTECT, related_name='main_records')
            keywords = models.ManyToManyField(Keyword, related_name='records')
            class Meta:
                unique_together = [('slug', 'day')]
                indexes = [models.Index(fields=['rating'], name='vault_rating')]

        """

    /// Rows with values that are hard to carry over: hostile texts, the ends of ranges, forward references.
    static let rows = #"""
        import datetime, decimal, uuid
        from django.contrib.auth.models import User
        from vault.models import Keyword, Record
        from django.utils import timezone
        utc = datetime.timezone.utc
        User.objects.create(username='ann', password='x', date_joined=datetime.datetime(2026, 1, 1, tzinfo=utc))
        words = [Keyword.objects.create(name=n) for n in ['plain', "it's \"q\" \\ %_ \U0001f426", '\'; DROP TABLE x']]
        def make(n, **changes):
            values = dict(
                id=uuid.UUID(int=n), title='Title %d' % n, slug='slug-%d' % n, email='a@example.org',
                homepage='https://example.org/?a=b&c', body='line\nline\t\u2028 <&> \x7f', small=-32768,
                medium=2147483647, large=-9223372036854775808, small_count=32767, count=0,
                big_count=9223372036854775807, is_open=True, maybe=None, rating=0.1,
                price=decimal.Decimal('12345678.90'),
                day=datetime.date(1, 1, 1), opens=datetime.time(23, 59, 59),
                length=datetime.timedelta(days=-1, seconds=5),
                at=datetime.datetime(2026, 1, 31, 9, 5, 0, 123000, tzinfo=utc), content=b'\x00\xff\'"',
                token=uuid.UUID(int=99 + n),
                data={'a': [1, 2.5, None, 'x', {'b': True}]}, address='192.0.2.1', attachment='files/a b.txt',
                main_keyword=words[n % 3])
            values.update(changes)
            record = Record.objects.create(**values)
            record.keywords.set(words[:n])
            return record
        first = make(1)
        make(2, parent=first, maybe=False, address='2001:db8::1', data=[], price=decimal.Decimal('-0.01'),
             length=datetime.timedelta(microseconds=1), day=datetime.date(9999, 12, 31), opens=datetime.time(0, 0))
        make(3, parent=None, owner=User.objects.get(), maybe=True, data='text', content=b'', rating=-1e300, body='')
        Record.objects.filter(id=first.id).update(parent=uuid.UUID(int=3))

        """#
}
