// swift-tools-version: 6.2
import PackageDescription

// Floors: a target uses targets of lower floors, or those above it in its own; a reader can stop at any line
// and know everything needed so far. `Docs/architecture.md` tells what lives where.

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

// Floor 0: system libraries.
let floor0: [Target] = [
    .systemLibrary(name: "CMartletLinux"),
    .systemLibrary(name: "CMemcached", pkgConfig: "libmemcached", providers: [.apt(["libmemcached-dev"])]),
    .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
]

// Floor 1: values and bytes; no HTTP, no database.
let floor1: [Target] = [
    library("MartletCalendar"),
    library("MartletCompression", ["CZlib"]),
    library("MartletCrypto", ["COpenSSL"]),
    library("MartletIO", ["CMartletLinux"]),
    library("MartletJSON", ["MartletCalendar"]),
    library("MartletLogging", ["MartletJSON"]),
    library("MartletPickle", ["MartletCalendar", "MartletJSON"]),
    library("MartletSigning", ["MartletCompression", "MartletCrypto", "MartletJSON", "MartletLogging"]),
    library("MartletTLS", ["COpenSSL", "MartletIO"]),
    library("MartletTemplates", ["MartletCalendar"]),
]

// Floor 2: messages, models.
let floor2: [Target] = [
    library("MartletHTTP", ["MartletCalendar", "MartletSigning"]),
    library("MartletORM", ["MartletCalendar", "MartletCrypto", "MartletTemplates"]),
]

// Floor 3: the edges of both.
let floor3: [Target] = [
    library("MartletCache", ["CMemcached", "MartletJSON", "MartletLogging"]),
    library("MartletMigrations", ["MartletORM"]),
    library("MartletPostgreSQL", ["CPostgreSQL", "MartletCrypto", "MartletIO", "MartletORM"]),
    library("MartletRouting", ["MartletHTTP"]),
    library("MartletSQLite", ["CSQLite", "MartletCrypto", "MartletORM"]),
    library("MartletServer", ["MartletHTTP", "MartletIO", "MartletTLS"]),
]

// Floor 4: what views are made with.
let floor4: [Target] = [
    library(
        "MartletSessions",
        [
            "MartletCache", "MartletCrypto", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMigrations",
            "MartletORM", "MartletPickle", "MartletSigning",
        ]),
    library(
        "MartletMiddleware",
        ["MartletCrypto", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletRouting", "MartletSessions"]),
    library(
        "MartletMessages",
        [
            "MartletHTTP", "MartletJSON", "MartletLogging", "MartletSessions", "MartletSigning", "MartletTemplates",
        ]),
    library(
        "MartletShortcuts",
        [
            "MartletHTTP", "MartletMessages", "MartletMiddleware", "MartletORM", "MartletRouting", "MartletTemplates",
        ]),
    library("MartletWebSockets", ["MartletCrypto", "MartletHTTP", "MartletMiddleware", "MartletRouting"]),
    library("MartletREST", ["MartletHTTP", "MartletJSON", "MartletORM", "MartletShortcuts"]),
]

// Floor 5: a site, put together.
let floor5: [Target] = [
    library(
        "MartletSite",
        [
            "MartletCache", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMessages", "MartletMiddleware",
            "MartletMigrations", "MartletORM", "MartletRouting", "MartletSQLite", "MartletServer", "MartletSessions",
            "MartletShortcuts", "MartletSigning", "MartletTLS", "MartletTemplates",
        ])
]

// Floor 6: the command line, and tests.
let floor6: [Target] = [
    library(
        "MartletCommands",
        [
            "MartletHTTP", "MartletIO", "MartletJSON", "MartletLogging", "MartletMigrations", "MartletORM",
            "MartletRouting", "MartletServer", "MartletSessions", "MartletSite", "MartletTemplates",
        ]),
    library(
        "MartletTesting",
        [
            "MartletCache", "MartletHTTP", "MartletIO", "MartletJSON", "MartletLogging", "MartletMiddleware",
            "MartletMigrations", "MartletORM", "MartletServer", "MartletSite",
        ]),
]

// Floor 7: one import for applications.
let floor7: [Target] = [
    library(
        "Martlet",
        [
            "MartletCache", "MartletCommands", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMessages",
            "MartletMiddleware", "MartletMigrations", "MartletORM", "MartletREST", "MartletRouting", "MartletServer",
            "MartletSessions", "MartletShortcuts", "MartletSigning", "MartletSite", "MartletTLS", "MartletTemplates",
            "MartletWebSockets",
        ])
]

let testTargets: [Target] = [
    tests("MartletCacheTests", ["MartletCache", "MartletLogging", "TestPrograms"]),
    tests("MartletCalendarTests", ["MartletCalendar"]),
    tests("MartletCommandsTests", ["MartletCommands", "MartletMigrations", "MartletORM", "MartletSite"]),
    tests("MartletCompressionTests", ["MartletCompression"]),
    tests("MartletCryptoTests", ["MartletCrypto"]),
    tests(
        "MartletDatabaseTests",
        [
            "MartletIO", "MartletORM", "MartletPostgreSQL", "MartletSQLite", "MartletTemplates", "TestPrograms",
        ]),
    tests("MartletHTTPTests", ["MartletHTTP", "MartletSigning"]),
    tests("MartletIOTests", ["MartletIO"]),
    tests("MartletJSONTests", ["MartletJSON"]),
    tests("MartletLoggingTests", ["MartletJSON", "MartletLogging"]),
    tests(
        "MartletMessagesTests",
        [
            "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMessages", "MartletRouting", "MartletSessions",
            "MartletShortcuts", "MartletSigning", "MartletSite", "MartletTemplates", "MartletTesting", "TestPrograms",
        ]),
    tests(
        "MartletMiddlewareTests",
        [
            "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMiddleware", "MartletRouting", "MartletSessions",
            "MartletSigning", "TestPrograms",
        ]),
    tests("MartletMigrationsTests", ["MartletMigrations", "MartletORM", "MartletSQLite", "TestPrograms"]),
    tests("MartletORMTests", ["MartletORM"]),
    tests("MartletPickleTests", ["MartletJSON", "MartletPickle", "TestPrograms"]),
    tests("MartletRoutingTests", ["MartletHTTP", "MartletRouting"]),
    tests("MartletSQLiteTests", ["CSQLite", "MartletORM", "MartletSQLite"]),
    tests(
        "MartletServerTests",
        [
            "MartletHTTP", "MartletIO", "MartletMiddleware", "MartletRouting", "MartletServer", "MartletTLS",
            "MartletWebSockets", "TestPrograms",
        ]),
    tests(
        "MartletSessionsTests",
        [
            "MartletCache", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMigrations", "MartletORM",
            "MartletRouting", "MartletSQLite", "MartletSessions", "MartletSigning", "TestPrograms",
        ]),
    tests("MartletSigningTests", ["MartletJSON", "MartletLogging", "MartletSigning", "TestPrograms"]),
    tests(
        "MartletSiteTests",
        ["MartletHTTP", "MartletLogging", "MartletRouting", "MartletServer", "MartletSigning", "MartletSite"]),
    tests("MartletTemplatesTests", ["MartletJSON", "MartletTemplates"], exclude: ["Django"]),
    tests(
        "MartletTestingTests",
        [
            "MartletHTTP", "MartletMiddleware", "MartletRouting", "MartletSite", "MartletTesting",
        ]),
    tests("MartletWebSocketsTests", ["MartletHTTP", "MartletMiddleware", "MartletRouting", "MartletWebSockets"]),
    tests("TestProgramsTests", ["TestPrograms"]),
    // What tests start and talk to.
    .target(name: "TestPrograms", dependencies: ["MartletIO"], path: "Tests/TestPrograms", swiftSettings: settings),
    // A program that tests start, signal and let die.
    .executableTarget(
        name: "ServerUnderTest", dependencies: ["MartletHTTP", "MartletServer", "MartletSite"],
        path: "Tests/ServerUnderTest", swiftSettings: settings),
]

let targets = floor0 + floor1 + floor2 + floor3 + floor4 + floor5 + floor6 + floor7

// The fuzzer brings a `main` of its own, which links only under `-sanitize=fuzzer`: Scripts/fuzz asks for it.
let fuzzing: [Target] =
    Context.environment["MARTLET_FUZZ"] == nil
    ? []
    : [
        .executableTarget(
            name: "MartletFuzzing",
            dependencies: [
                "MartletHTTP", "MartletIO", "MartletJSON", "MartletPickle", "MartletServer", "MartletSigning",
                "MartletTemplates", "MartletWebSockets",
            ],
            path: "Tests/MartletFuzzing", exclude: ["Corpus", "Dictionaries"], swiftSettings: settings)
    ]

// Scripts/test-tsan builds a few of the tests once more.
let chosenTests = Context.environment["MARTLET_TESTS"]?.split(separator: " ").map(String.init)

let package = Package(
    name: "martlet",
    products: targets.filter { $0.type == .regular }.map { .library(name: $0.name, targets: [$0.name]) },
    targets: targets + testTargets.filter { $0.type != .test || chosenTests?.contains($0.name) ?? true } + fuzzing,
    swiftLanguageModes: [.v6]
)
