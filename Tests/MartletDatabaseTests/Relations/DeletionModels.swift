import FoundationEssentials
import MartletORM
import Testing

// The models of Django's tests of deletes, as far as there are such relations here.

enum Deleting {
    struct P: Model {
        var id = 0
        static let appLabel = "deleting"
        static let table = Table<P>(.auto(\.id))
    }

    struct R: Model {
        var id = 0
        var isDefault = false
        var p: ForeignKey<P>?
        static let appLabel = "deleting"
        static let table = Table<R>(.auto(\.id), .bool(\.isDefault), .foreignKey(\.p, onDelete: .cascade))
    }

    struct S: Model {
        var id = 0
        var r = ForeignKey<R>()
        static let appLabel = "deleting"
        static let table = Table<S>(.auto(\.id), .foreignKey(\.r, onDelete: .cascade))
    }

    struct T: Model {
        var id = 0
        var s = ForeignKey<S>()
        static let appLabel = "deleting"
        static let table = Table<T>(.auto(\.id), .foreignKey(\.s, onDelete: .cascade))
    }

    struct U: Model {
        var id = 0
        var t = ForeignKey<T>()
        static let appLabel = "deleting"
        static let table = Table<U>(.auto(\.id), .foreignKey(\.t, onDelete: .cascade))
    }

    /// The row to which a reference is set, made when it is needed.
    static func spare() async throws -> R {
        if let found = try await R.objects.filter({ $0.isDefault == true }).first() { return found }
        return try await R.objects.create(R(isDefault: true))
    }

    struct A: Model {
        var id = 0
        var name = ""
        var cascade: ForeignKey<R>?
        var setNull: ForeignKey<R>?
        var setValue: ForeignKey<R>?
        var setFixed: ForeignKey<R>?
        var setDefault = ForeignKey<R>?.some(ForeignKey(id: 1))
        var setDefaultNone: ForeignKey<R>?
        var protect: ForeignKey<R>?
        var restrict: ForeignKey<R>?
        var nothing: ForeignKey<R>?
        var single: OneToOne<R>?
        var cascadeP: ForeignKey<P>?

        static let appLabel = "deleting"
        static let table = Table<A>(
            .auto(\.id),
            .char(\.name, maxLength: 30),
            .foreignKey(\.cascade, onDelete: .cascade),
            .foreignKey(\.setNull, onDelete: .setNull),
            .foreignKey(\.setValue, onDelete: .set { try await spare().id }),
            .foreignKey(\.setFixed, onDelete: .set(1)),
            .foreignKey(\.setDefault, onDelete: .setDefault),
            .foreignKey(\.setDefaultNone, onDelete: .setDefault),
            .foreignKey(\.protect, onDelete: .protect),
            .foreignKey(\.restrict, onDelete: .restrict),
            .foreignKey(\.nothing, onDelete: .doNothing),
            .oneToOne(\.single, onDelete: .setNull),
            .foreignKey(\.cascadeP, onDelete: .cascade)
        )
    }

    struct B: Model {
        var id = 0
        var protect = ForeignKey<R>()
        static let appLabel = "deleting"
        static let table = Table<B>(.auto(\.id), .foreignKey(\.protect, onDelete: .protect))
    }

    struct B3: Model {
        var id = 0
        var restrict = ForeignKey<R>()
        static let appLabel = "deleting"
        static let table = Table<B3>(.auto(\.id), .foreignKey(\.restrict, onDelete: .restrict))
    }

    struct M: Model {
        var id = 0
        var all = ManyToMany<R>()
        var through = ManyToMany<R>()
        static let appLabel = "deleting"
        static let table = Table<M>(
            .auto(\.id), .manyToMany(\.all), .manyToMany(\.through, through: \MR.m, to: \MR.r))
    }

    struct MR: Model {
        var id = 0
        var m = ForeignKey<M>()
        var r: ForeignKey<R>?
        static let appLabel = "deleting"
        static let table = Table<MR>(
            .auto(\.id), .foreignKey(\.m, onDelete: .cascade), .foreignKey(\.r, onDelete: .setNull))
    }

    struct Avatar: Model {
        var id = 0
        var text = ""
        static let appLabel = "deleting"
        static let table = Table<Avatar>(.auto(\.id), .text(\.text))
    }

    struct User: Model {
        var id = 0
        var avatar: ForeignKey<Avatar>?
        static let appLabel = "deleting"
        static let table = Table<User>(.auto(\.id), .foreignKey(\.avatar, onDelete: .cascade))
    }

    struct Base: Model {
        var id = 0
        static let appLabel = "deleting"
        static let table = Table<Base>(.auto(\.id))
    }

    struct Loose: Model {
        var id = 0
        var base = ForeignKey<Base>()
        static let appLabel = "deleting"
        static let table = Table<Loose>(.auto(\.id), .foreignKey(\.base, onDelete: .doNothing))
    }

    struct Top: Model {
        var id = 0
        static let appLabel = "deleting"
        static let table = Table<Top>(.auto(\.id))
    }

    struct Left: Model {
        var id = 0
        var top = ForeignKey<Top>()
        static let appLabel = "deleting"
        static let table = Table<Left>(.auto(\.id), .foreignKey(\.top, onDelete: .cascade))
    }

    struct Right: Model {
        var id = 0
        var top = ForeignKey<Top>()
        static let appLabel = "deleting"
        static let table = Table<Right>(.auto(\.id), .foreignKey(\.top, onDelete: .cascade))
    }

    struct Bottom: Model {
        var id = 0
        var left = ForeignKey<Left>()
        var right = ForeignKey<Right>()
        static let appLabel = "deleting"
        static let table = Table<Bottom>(
            .auto(\.id), .foreignKey(\.left, onDelete: .restrict), .foreignKey(\.right, onDelete: .cascade))
    }

    /// Two tables that refer to each other.
    struct Hen: Model {
        var id = 0
        var from: ForeignKey<Egg>?
        static let appLabel = "deleting"
        static let table = Table<Hen>(.auto(\.id), .foreignKey(\.from, onDelete: .cascade))
    }

    struct Egg: Model {
        var id = 0
        var of = ForeignKey<Hen>()
        static let appLabel = "deleting"
        static let table = Table<Egg>(.auto(\.id), .foreignKey(\.of, onDelete: .cascade))
    }
}

extension Trait where Self == ModelsDatabase {
    /// Fresh databases with the tables of the deletes' models.
    static var deleting: Self {
        .models(
            Deleting.P.self, Deleting.R.self, Deleting.S.self, Deleting.T.self, Deleting.U.self, Deleting.A.self,
            Deleting.B.self, Deleting.B3.self, Deleting.M.self, Deleting.MR.self, Deleting.Avatar.self,
            Deleting.User.self, Deleting.Base.self, Deleting.Loose.self, Deleting.Top.self, Deleting.Left.self,
            Deleting.Right.self, Deleting.Bottom.self, Deleting.Hen.self, Deleting.Egg.self)
    }
}
