import TestPrograms

extension DjangoProject {
    /// A project with its rows in PostgreSQL: what ``models`` has, and a field of every kind that only PostgreSQL knows,
    /// every kind of key and of rule, and columns of types that no field of Martlet stores.
    ///
    /// - Parameter url: A database as ``CommandDatabase/freshPostgreSQL()`` names it.
    static func withPostgreSQL(_ url: String, _ body: (DjangoProject) async throws -> Void) async throws {
        let python = try await PythonEnvironment(PythonEnvironment.django, "psycopg==3.2.3", "psycopg-binary==3.2.3")
        let parts = url.replacing("%2F", with: "/").split(separator: "?host=").map(String.init)
        let name = parts[0].split(separator: "/").last ?? ""
        let database =
            "{'ENGINE': 'django.db.backends.postgresql', 'NAME': '\(name)', 'USER': 'martlet', 'HOST': '\(parts[1])'}"
        let extensions = """
            from django.db import connection
            with connection.cursor() as cursor:
                for name in ['hstore', 'citext', 'btree_gist']:
                    cursor.execute(f'CREATE EXTENSION {name}')

            """
        try await with(
            python, apps: ["contenttypes", "auth", "sessions", "messages", "admin", "postgres"], database: database,
            models: models + postgreSQLModels, preparing: extensions, body)
    }

    private static let postgreSQLModels = #"""
        from django.contrib.postgres.constraints import ExclusionConstraint
        from django.contrib.postgres.fields import (
            ArrayField, BigIntegerRangeField, DateRangeField, DateTimeRangeField, DecimalRangeField, HStoreField,
            IntegerRangeField, RangeOperators)
        from django.contrib.postgres.indexes import BrinIndex, GinIndex
        from django.contrib.postgres.search import SearchVector, SearchVectorField
        from django.db.models.functions import Lower

        class CaseBlindField(models.TextField):
            def db_type(self, connection):
                return 'citext'

        class MoneyField(models.TextField):
            def db_type(self, connection):
                return 'money'

        class Shelf(models.Model):
            # A 32-bit number that is counted up, and a name that is no word of Swift.
            id = models.AutoField(primary_key=True)
            nick = CaseBlindField(unique=True)
            numbers = ArrayField(models.IntegerField())
            holes = ArrayField(models.IntegerField(null=True), null=True)
            words = ArrayField(models.CharField(max_length=20), size=5)
            texts = ArrayField(models.TextField())
            grid = ArrayField(ArrayField(models.BigIntegerField()))
            moments = ArrayField(models.DateTimeField())
            keys = ArrayField(models.UUIDField())
            flags = ArrayField(models.BooleanField())
            weights = ArrayField(models.FloatField())
            prices = ArrayField(models.DecimalField(max_digits=5, decimal_places=2), default=list)
            labels = HStoreField()
            cost = MoneyField(default='1.50')
            pages = IntegerRangeField()
            isbns = BigIntegerRangeField(null=True)
            tolls = DecimalRangeField()
            open_days = DateRangeField()
            during = DateTimeRangeField()
            vector = SearchVectorField(null=True)
            found = models.GeneratedField(
                expression=SearchVector('nick', config='simple'), output_field=SearchVectorField(), db_persist=True)
            data = models.JSONField(null=True)
            amount = models.DecimalField(max_digits=12, decimal_places=2)
            free_text = models.CharField()
            self_reference = models.ForeignKey('self', models.CASCADE, null=True, db_column='self')
            twin = models.OneToOneField('self', models.SET_NULL, null=True, related_name='other_twin')
            by_name = models.ForeignKey(Keyword, models.CASCADE, to_field='name', db_column='keyword_name')
            readers = models.ManyToManyField(settings.AUTH_USER_MODEL, through='Loan')
            class Meta:
                constraints = [
                    models.CheckConstraint(condition=models.Q(amount__gte=0), name='amount_not_negative'),
                    models.CheckConstraint(condition=~models.Q(free_text='a\nb "c"'), name='no_lines'),
                    models.UniqueConstraint(fields=['free_text', 'amount'], name='one_text_for_an_amount'),
                    models.UniqueConstraint(Lower('free_text'), name='one_text'),
                    models.UniqueConstraint(
                        fields=['amount'], condition=models.Q(data=None), name='one_amount_without_data'),
                    ExclusionConstraint(name='no_overlap', expressions=[('pages', RangeOperators.OVERLAPS)]),
                ]
                indexes = [
                    GinIndex(fields=['vector'], name='shelf_vector'), GinIndex(fields=['numbers'], name='shelf_gin'),
                    BrinIndex(fields=['amount'], name='shelf_brin'),
                    models.Index(fields=['amount', '-free_text'], name='shelf_two')]

        class Loan(models.Model):
            id = models.SmallAutoField(primary_key=True)
            shelf = models.ForeignKey(Shelf, models.CASCADE)
            reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
            lender = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name='lent')
            since = models.DateTimeField()

        class Seat(models.Model):
            pk = models.CompositePrimaryKey('row', 'number')
            row = models.IntegerField()
            number = models.IntegerField()

        class Place(models.Model):
            code = models.CharField(max_length=8, primary_key=True)
            file_path = models.FilePathField(max_length=70)

        class City(Place):
            people = models.PositiveBigIntegerField(db_comment='As counted')

        """#

    /// Rows for what only PostgreSQL has.
    static let postgreSQLRows = #"""
        import psycopg
        from django.contrib.admin.models import ADDITION, LogEntry
        from django.contrib.auth.models import Group, Permission
        from django.contrib.contenttypes.models import ContentType
        from django.contrib.sessions.backends.db import SessionStore
        from django.db import connection
        from django.db.backends.postgresql.psycopg_any import (
            DateRange, DateTimeTZRange, NumericRange)
        from django.contrib.postgres.search import SearchVector
        from vault.models import City, Loan, Place, Seat, Shelf
        ann = User.objects.get()
        ann.groups.add(Group.objects.create(name="d'or"))
        ann.user_permissions.set(Permission.objects.order_by('id')[:3])
        Group.objects.get().permissions.set(Permission.objects.order_by('id')[2:4])
        LogEntry.objects.create(
            user=ann, content_type=ContentType.objects.first(), object_id='1', object_repr='x', action_flag=ADDITION)
        session = SessionStore()
        session['a'] = 1
        session.create()
        day = datetime.date
        moment = datetime.datetime(2026, 1, 31, 9, 5, 0, 123456, tzinfo=utc)
        wide = decimal.Decimal('1234567890.12')
        def shelf(n, **changes):
            values = dict(
                nick='Nick %d' % n, numbers=[], holes=None, words=[], texts=[], grid=[], moments=[], keys=[], flags=[],
                weights=[], labels={'a': None, 'b "c"': "'"}, pages=NumericRange(n * 10, n * 10 + 5), isbns=None,
                tolls=NumericRange(None, None), open_days=DateRange(day(2026, 1, 1), None),
                during=DateTimeTZRange(moment, None), data=None, amount=wide - n, free_text='text %d' % n,
                by_name=words[n % 3])
            values.update(changes)
            return Shelf.objects.create(**values)
        one = shelf(1)
        two = shelf(
            2, numbers=[1, -2147483648, 2147483647], holes=[None, 3, None], words=['', 'NULL', 'a,b', '{"x\\y"}', ' '],
            texts=["it's", '\U0001f426\u2028', "'; DROP TABLE vault_shelf; --"], grid=[[1, 2], [3, 2 ** 63 - 1]],
            moments=[moment, moment.replace(microsecond=0, year=1)], keys=[uuid.UUID(int=7)], flags=[True, False],
            weights=[0.1, -1e300, 5e-324], prices=[decimal.Decimal('1.10')],
            isbns=NumericRange(-2 ** 63, 2 ** 63 - 1), self_reference=one, twin=one,
            tolls=NumericRange(decimal.Decimal('0.5'), decimal.Decimal('99.99'), '[]'),
            open_days=DateRange(day(1, 1, 1), day(9999, 12, 31)),
            during=DateTimeTZRange(moment.replace(microsecond=0), moment, '(]'),
            data={'b': [1, 2.5, None, {'c': "\u00e4'\""}], 'a': True}, nick='ÄNN')
        three = shelf(
            3, pages=NumericRange(empty=True), tolls=NumericRange(empty=True), data=[], self_reference=two,
            holes=[], words=['x'] * 5)
        Shelf.objects.filter(pk=three.pk).update(self_reference=three, vector=SearchVector('nick', config='english'))
        Loan.objects.create(shelf=one, reader=ann, lender=ann, since=moment)
        Seat.objects.create(row=1, number=2)
        Place.objects.create(code='p', file_path='/srv/a b')
        City.objects.create(code='c', file_path='', people=2 ** 63 - 1)

        """#

    /// Prints all rows as Django reads them: an object of tables, lists of rows, objects of columns.
    static let printingRows = #"""
        import json
        from django.apps import apps
        from django.db.migrations.recorder import MigrationRecorder
        from django.db import models
        from django.db.backends.postgresql.psycopg_any import Range
        from django.db.models.fields.files import FieldFile
        def element(value):
            if value is None:
                return 'NULL'
            if isinstance(value, list):
                return '{' + ','.join(map(element, value)) + '}'
            if isinstance(value, bool):
                value = 't' if value else 'f'
            return '"' + str(plain(value)).replace('\\', '\\\\').replace('"', '\\"') + '"'
        def bound(value):
            return '' if value is None else str(plain(value))
        def plain(value, field=None):
            if isinstance(field, models.JSONField):
                return None if value is None else {'json': value}
            if isinstance(value, list):
                return element(value)
            if isinstance(value, Range):
                if value.isempty:
                    return 'empty'
                first = '[' if value.lower_inc else '('
                return first + bound(value.lower) + ',' + bound(value.upper) + (']' if value.upper_inc else ')')
            if isinstance(value, datetime.datetime):
                return value.astimezone(utc).replace(tzinfo=None).isoformat(' ') + '+00'
            if isinstance(value, FieldFile):
                return value.name
            if isinstance(value, (datetime.date, datetime.time, uuid.UUID)):
                return str(value)
            if isinstance(value, datetime.timedelta):
                return {'microseconds': value // datetime.timedelta(microseconds=1)}
            if isinstance(value, decimal.Decimal):
                return format(value.normalize(), 'f')
            if isinstance(value, (bytes, memoryview)):
                return bytes(value).hex()
            return value
        tables = {}
        for model in apps.get_models(include_auto_created=True) + [MigrationRecorder.Migration]:
            fields = model._meta.concrete_fields
            if model._meta.parents:
                fields = model._meta.local_concrete_fields
            fields = [f for f in fields if f.column]
            tables[model._meta.db_table] = [
                {f.column: plain(getattr(row, f.attname), f) for f in fields} for row in model._base_manager.all()]
        print(json.dumps(tables))
        """#
}
