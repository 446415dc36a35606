import FoundationEssentials
import MartletORM
import Testing

// Models with relations of every kind: members have profiles, friends, idols and teams.

struct Member: Model {
    var id = 0
    var name = ""
    var mentor: ForeignKey<Member>?
    var pupils = Related<Member>()
    var partner: OneToOne<Member>?
    var partnerOf = RelatedOne<Member>()
    var friends = ManyToMany<Member>()
    var idols = ManyToMany<Member>()
    var fans = Related<Member>()
    var allies = ManyToMany<Member>()
    var profile = RelatedOne<Profile>()
    var seats = Related<Seat>()
    var teams = Related<Team>()
    var led = Related<Team>()
    /// Filled by `prefetch(…, to:)` only.
    var captaincies = Related<Seat>()

    static let appLabel = "club"
    static let table = Table<Member>(
        .auto(\.id),
        .char(\.name, maxLength: 50),
        .foreignKey(\.mentor, onDelete: .setNull, relatedName: "pupils"),
        .reverse(\.pupils, through: \.mentor),
        .oneToOne(\.partner, onDelete: .setNull),
        .reverse(\.partnerOf, through: \.partner),
        .manyToMany(\.friends, symmetrical: true),
        .manyToMany(\.idols),
        .reverse(\.fans, through: \.idols),
        .manyToMany(\.allies, through: \Alliance.one, to: \Alliance.other, symmetrical: true),
        .reverse(\.profile, through: \.member),
        .reverse(\.seats, through: \.member),
        .reverse(\.teams, through: \.members),
        .reverse(\.led, through: \.leader)
    )
}

struct Alliance: Model {
    var id = UUID.v7()
    var one = ForeignKey<Member>()
    var other: ForeignKey<Member>?
    var reason = "none"

    static let appLabel = "club"
    static let table = Table<Alliance>(
        .uuid(\.id, primaryKey: true),
        .foreignKey(\.one, onDelete: .cascade),
        .foreignKey(\.other, onDelete: .setNull),
        .char(\.reason, maxLength: 50)
    )
}

struct Profile: Model {
    var id = 0
    var member = OneToOne<Member>()
    var motto = ""
    var nickname: String?
    var badges = Related<Badge>()

    static let appLabel = "club"
    static let table = Table<Profile>(
        .auto(\.id),
        .oneToOne(\.member, onDelete: .cascade, relatedName: "profile"),
        .char(\.motto, maxLength: 50),
        .char(\.nickname, maxLength: 50),
        .reverse(\.badges, through: \.profile)
    )
}

struct Badge: Model {
    var id = 0
    var profile = ForeignKey<Profile>()
    var text = ""

    static let appLabel = "club"
    static let table = Table<Badge>(
        .auto(\.id),
        .foreignKey(\.profile, onDelete: .cascade),
        .char(\.text, maxLength: 50)
    )
}

struct Team: Model {
    var id = UUID.v7()
    var name = ""
    var leader: ForeignKey<Member>?
    var founder = ForeignKey<Member>()
    var members = ManyToMany<Member>()
    var seats = Related<Seat>()

    static let appLabel = "club"
    static let table = Table<Team>(
        .uuid(\.id, primaryKey: true),
        .char(\.name, maxLength: 50),
        .foreignKey(\.leader, onDelete: .setNull, relatedName: "led"),
        .foreignKey(\.founder, onDelete: .cascade, relatedName: "founded"),
        .manyToMany(\.members, through: \Seat.team, to: \Seat.member, relatedName: "teams"),
        .reverse(\.seats, through: \.team),
        ordering: [.ascending(\.name)]
    )
}

struct Seat: Model {
    var id = 0
    var team = ForeignKey<Team>()
    var member = ForeignKey<Member>()
    var role = "player"
    var rank = 0

    static let appLabel = "club"
    static let table = Table<Seat>(
        .auto(\.id),
        .foreignKey(\.team, onDelete: .cascade, relatedName: "seats"),
        .foreignKey(\.member, onDelete: .cascade, relatedName: "seats"),
        .char(\.role, maxLength: 20),
        .integer(\.rank)
    )
}

extension Trait where Self == ModelsDatabase {
    /// Fresh databases with the tables of the club.
    static var club: Self {
        .models(Member.self, Alliance.self, Profile.self, Badge.self, Team.self, Seat.self)
    }
}

/// Ann has a profile with two badges, leads the reds and founded both teams; Bob is her pupil and partner; Cid is alone.
struct Club {
    var ann: Member
    var bob: Member
    var cid: Member
    var reds: Team
    var blues: Team

    static func make() async throws -> Club {
        let ann = try await Member.objects.create(Member(name: "Ann"))
        let bob = try await Member.objects.create(
            Member(name: "Bob", mentor: ForeignKey(ann), partner: ForeignKey(ann)))
        let cid = try await Member.objects.create(Member(name: "Cid"))
        let profile = try await Profile.objects.create(Profile(member: ForeignKey(ann), motto: "Onward"))
        try await Badge.objects.createMany([
            Badge(profile: ForeignKey(profile), text: "gold"), Badge(profile: ForeignKey(profile), text: "iron"),
        ])
        let reds = try await Team.objects.create(
            Team(name: "Reds", leader: ForeignKey(ann), founder: ForeignKey(ann)))
        let blues = try await Team.objects.create(Team(name: "Blues", founder: ForeignKey(ann)))
        return Club(ann: ann, bob: bob, cid: cid, reds: reds, blues: blues)
    }
}
