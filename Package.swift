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
    .systemLibrary(name: "CBrotli", pkgConfig: "libbrotlienc", providers: [.apt(["libbrotli-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CMartletLinux"),
    .systemLibrary(name: "CMartletRuntime"),
    // Not only headers as the others: handlers of signals need one place for what they know.
    .target(name: "CMartletSignals"),
    .systemLibrary(name: "CMemcached", pkgConfig: "libmemcached", providers: [.apt(["libmemcached-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
]

// Floor 1: values and bytes; no HTTP, no database.
let floor1: [Target] = [
    library("MartletCalendar"),
    library("MartletCompression", ["CBrotli", "CZlib"]),
    library("MartletCrypto", ["COpenSSL"]),
    library("MartletTiming"),
    library("MartletIO", ["CMartletLinux"]),
    library("MartletJSON", ["MartletCalendar"]),
    library("MartletValues", ["MartletCalendar"]),
    library("MartletStorage", ["MartletCrypto"]),
    library("MartletLogging", ["CMartletSignals", "MartletJSON"]),
    library("MartletMetrics"),
    library("MartletPickle", ["MartletCalendar", "MartletJSON"]),
    library("MartletSigning", ["MartletCompression", "MartletCrypto", "MartletJSON", "MartletLogging"]),
    library("MartletTLS", ["COpenSSL", "MartletIO"]),
    library("MartletTemplates", ["MartletCalendar", "MartletValues"]),
    library("MartletTransfer", ["CCurl"]),
]

// Floor 2: messages, models.
let floor2: [Target] = [
    library("MartletHTTP", ["MartletCalendar", "MartletJSON", "MartletSigning", "MartletTiming", "MartletValues"]),
    library("MartletTracing", ["MartletJSON", "MartletLogging", "MartletTiming", "MartletTransfer"]),
    library("MartletMail", ["MartletCalendar", "MartletCrypto", "MartletTransfer"]),
    library(
        "MartletORM",
        [
            "MartletCalendar", "MartletCrypto", "MartletJSON", "MartletLogging", "MartletStorage", "MartletTemplates",
            "MartletTiming", "MartletValues",
        ]),
]

// Floor 3: the edges of both.
let floor3: [Target] = [
    library(
        "MartletCache",
        [
            "CMemcached", "MartletCompression", "MartletCrypto", "MartletJSON", "MartletLogging", "MartletORM",
            "MartletPickle",
        ]),
    library("MartletMigrations", ["MartletCrypto", "MartletORM", "MartletValues"]),
    library(
        "MartletPostgreSQL",
        [
            "CPostgreSQL", "MartletCrypto", "MartletIO", "MartletORM", "MartletTiming", "MartletValues",
        ]),
    library("MartletRouting", ["MartletHTTP", "MartletJSON", "MartletTiming", "MartletValues"]),
    library(
        "MartletSQLite",
        [
            "CPCRE2", "CSQLite", "MartletCalendar", "MartletCrypto", "MartletJSON", "MartletORM", "MartletTiming",
            "MartletValues",
        ]),
    library("MartletServer", ["MartletHTTP", "MartletIO", "MartletTLS", "MartletTiming", "MartletValues"]),
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
        "MartletMessages",
        [
            "MartletHTTP", "MartletJSON", "MartletLogging", "MartletSessions", "MartletSigning", "MartletTemplates",
        ]),
    library(
        "MartletMiddleware",
        [
            "MartletCache", "MartletCompression", "MartletCrypto", "MartletHTTP", "MartletJSON", "MartletLogging",
            "MartletRouting", "MartletSessions", "MartletTiming", "MartletValues",
        ]),
    library(
        "MartletReporting",
        [
            "MartletCrypto", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMail", "MartletMiddleware",
            "MartletRouting", "MartletTiming", "MartletTransfer",
        ]),
    library(
        "MartletDebugging",
        [
            "CMartletRuntime", "MartletCache", "MartletCrypto", "MartletHTTP", "MartletJSON", "MartletLogging",
            "MartletMiddleware", "MartletORM", "MartletReporting", "MartletRouting", "MartletSessions",
            "MartletTemplates",
        ]),
    library(
        "MartletShortcuts",
        [
            "MartletCache", "MartletHTTP", "MartletJSON", "MartletMessages", "MartletMiddleware", "MartletORM",
            "MartletRouting", "MartletTemplates", "MartletValues",
        ]),
    library("MartletWebSockets", ["MartletCrypto", "MartletHTTP", "MartletMiddleware", "MartletRouting"]),
    library("MartletREST", ["MartletHTTP", "MartletJSON", "MartletORM", "MartletShortcuts"]),
]

// Floor 5: a site, put together.
let floor5: [Target] = [
    library(
        "MartletSite",
        [
            "MartletCache", "MartletDebugging", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMail",
            "MartletMessages", "MartletMetrics", "MartletMiddleware", "MartletMigrations", "MartletORM",
            "MartletPostgreSQL", "MartletReporting", "MartletRouting", "MartletSQLite", "MartletServer",
            "MartletSessions", "MartletShortcuts", "MartletSigning", "MartletTLS", "MartletTemplates", "MartletTiming",
            "MartletTracing", "MartletTransfer", "MartletValues",
        ])
]

// Floor 6: the command line, and tests.
let floor6: [Target] = [
    library("MartletScaffold", ["MartletMigrations", "MartletRouting", "MartletSite"]),
    library(
        "MartletCommands",
        [
            "MartletCache", "MartletCompression", "MartletCrypto", "MartletHTTP", "MartletIO", "MartletJSON",
            "MartletLogging", "MartletMail", "MartletMiddleware", "MartletMigrations", "MartletORM", "MartletRouting",
            "MartletScaffold", "MartletServer", "MartletSessions", "MartletSite", "MartletTemplates", "MartletTiming",
            "MartletValues",
        ]),
    library(
        "MartletTesting",
        [
            "MartletCache", "MartletDebugging", "MartletHTTP", "MartletIO", "MartletJSON", "MartletLogging",
            "MartletMiddleware", "MartletMigrations", "MartletORM", "MartletServer", "MartletSite",
        ]),
    // The program `martlet`. Its target has a name of its own: that of the library differs in one letter's case.
    .executableTarget(
        name: "MartletProgram", dependencies: ["MartletCrypto", "MartletScaffold", "MartletValues"],
        swiftSettings: settings),
]

// Floor 7: one import for applications.
let floor7: [Target] = [
    library(
        "Martlet",
        [
            "MartletCache", "MartletCommands", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMail",
            "MartletMessages", "MartletMetrics", "MartletMiddleware", "MartletMigrations", "MartletORM", "MartletREST",
            "MartletReporting", "MartletRouting", "MartletServer", "MartletSessions", "MartletShortcuts",
            "MartletSigning", "MartletSite", "MartletStorage", "MartletTLS", "MartletTemplates", "MartletTiming",
            "MartletTracing", "MartletValues", "MartletWebSockets",
        ])
]

let testTargets: [Target] = [
    tests(
        "MartletCacheTests",
        [
            "MartletCache", "MartletLogging", "MartletORM", "MartletPostgreSQL", "MartletSQLite", "TestPrograms",
        ]),
    tests("MartletCalendarTests", ["MartletCalendar"]),
    tests(
        "MartletCommandsTests",
        [
            "InspectedModels", "Martlet", "MartletCommands", "MartletHTTP", "MartletIO", "MartletJSON",
            "MartletMiddleware", "MartletMigrations", "MartletORM", "MartletRouting", "MartletSessions",
            "MartletShortcuts", "MartletSite", "MartletTiming", "MartletValues", "TestPrograms",
        ]),
    tests("MartletCompressionTests", ["MartletCompression", "TestPrograms"]),
    tests("MartletCryptoTests", ["MartletCrypto"]),
    tests(
        "MartletDatabaseTests",
        [
            "MartletCache", "MartletHTTP", "MartletIO", "MartletJSON", "MartletLogging", "MartletMiddleware",
            "MartletMigrations", "MartletORM", "MartletPostgreSQL", "MartletRouting", "MartletSQLite", "MartletServer",
            "MartletSessions", "MartletShortcuts", "MartletSigning", "MartletSite", "MartletStorage",
            "MartletTemplates", "MartletTesting", "MartletTiming", "MartletValues", "TestPrograms",
        ], exclude: ["Semantics/Django"]),
    tests("MartletHTTPTests", ["MartletHTTP", "MartletJSON", "MartletSigning", "MartletValues"]),
    tests("MartletIOTests", ["MartletIO"]),
    tests("MartletJSONTests", ["MartletJSON"]),
    tests("MartletLoggingTests", ["MartletJSON", "MartletLogging", "TestPrograms"]),
    tests("MartletMailTests", ["MartletMail", "MartletTransfer", "TestPrograms"]),
    tests(
        "MartletMessagesTests",
        [
            "MartletCache", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMessages", "MartletMiddleware",
            "MartletRouting", "MartletSessions", "MartletShortcuts", "MartletSigning", "MartletSite",
            "MartletTemplates", "MartletTesting", "TestPrograms",
        ]),
    tests(
        "MartletMiddlewareTests",
        [
            "MartletCache", "MartletCrypto", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMiddleware",
            "MartletRouting", "MartletSessions", "MartletSigning", "MartletTiming", "MartletValues", "TestPrograms",
        ]),
    tests("MartletMetricsTests", ["MartletJSON", "MartletMetrics", "TestPrograms"]),
    tests("MartletMigrationsTests", ["MartletMigrations", "MartletORM", "MartletSQLite", "TestPrograms"]),
    tests(
        "MartletORMTests", ["MartletJSON", "MartletORM", "MartletTiming", "MartletValues", "TestPrograms"],
        exclude: ["Documentation/Django"]),
    tests("MartletPickleTests", ["MartletJSON", "MartletPickle", "TestPrograms"]),
    tests("MartletRESTTests", ["MartletORM", "MartletREST"]),
    tests(
        "MartletReportingTests",
        [
            "MartletHTTP", "MartletIO", "MartletLogging", "MartletMail", "MartletReporting", "MartletServer",
            "MartletTransfer", "TestPrograms",
        ]),
    tests("MartletRoutingTests", ["MartletHTTP", "MartletMiddleware", "MartletRouting", "MartletValues"]),
    tests("MartletSQLiteTests", ["CSQLite", "MartletORM", "MartletSQLite"]),
    tests("MartletScaffoldTests", ["MartletScaffold", "TestPrograms"]),
    tests(
        "MartletServerTests",
        [
            "MartletHTTP", "MartletIO", "MartletMiddleware", "MartletRouting", "MartletServer", "MartletTLS",
            "MartletTiming", "MartletWebSockets", "TestPrograms",
        ]),
    tests(
        "MartletSessionsTests",
        [
            "MartletCache", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMigrations", "MartletORM",
            "MartletRouting", "MartletSQLite", "MartletSessions", "MartletSigning", "TestPrograms",
        ]),
    tests(
        "MartletShortcutsTests",
        [
            "MartletCache", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMiddleware", "MartletORM",
            "MartletRouting", "MartletShortcuts", "MartletTemplates", "MartletValues",
        ]),
    tests("MartletSigningTests", ["MartletJSON", "MartletLogging", "MartletSigning", "TestPrograms"]),
    tests(
        "MartletSiteTests",
        [
            "MartletCache", "MartletCrypto", "MartletHTTP", "MartletJSON", "MartletLogging", "MartletMiddleware",
            "MartletORM", "MartletReporting", "MartletRouting", "MartletServer", "MartletSessions", "MartletShortcuts",
            "MartletSigning", "MartletSite", "MartletTemplates", "TestPrograms",
        ]),
    tests("MartletStorageTests", ["MartletStorage"]),
    tests("MartletTemplatesTests", ["MartletJSON", "MartletTemplates"], exclude: ["Django"]),
    tests(
        "MartletTestingTests",
        [
            "MartletCache", "MartletCommands", "MartletDebugging", "MartletHTTP", "MartletIO", "MartletJSON",
            "MartletLogging", "MartletMetrics", "MartletMiddleware", "MartletORM", "MartletRouting", "MartletServer",
            "MartletSessions", "MartletShortcuts", "MartletSite", "MartletTemplates", "MartletTesting",
            "MartletTracing", "MartletValues", "TestPrograms",
        ]),
    tests("MartletTimingTests", ["MartletTiming"]),
    tests(
        "MartletTracingTests",
        [
            "MartletJSON", "MartletLogging", "MartletTiming", "MartletTracing", "TestPrograms",
        ]),
    tests("MartletValuesTests", ["MartletValues"]),
    tests("MartletWebSocketsTests", ["MartletHTTP", "MartletMiddleware", "MartletRouting", "MartletWebSockets"]),
    tests("TestProgramsTests", ["TestPrograms"]),
    // What tests start and talk to.
    .target(
        name: "TestPrograms", dependencies: ["CBrotli", "CZlib", "MartletIO", "MartletLogging"],
        path: "Tests/TestPrograms", swiftSettings: settings),
    // What `inspectdb` writes for a Django project's database, as it stands.
    .target(
        name: "InspectedModels", dependencies: ["Martlet"], path: "Tests/InspectedModels", swiftSettings: settings),
    // A program that tests start, signal and let die.
    .executableTarget(
        name: "ServerUnderTest",
        dependencies: [
            "MartletHTTP", "MartletMigrations", "MartletORM", "MartletRouting", "MartletServer", "MartletSite",
        ],
        path: "Tests/ServerUnderTest", swiftSettings: settings),
    // A site with its `manage`, for the same.
    .executableTarget(
        name: "ManageUnderTest",
        dependencies: [
            "MartletCommands", "MartletHTTP", "MartletLogging", "MartletMiddleware", "MartletRouting", "MartletSite",
        ],
        path: "Tests/ManageUnderTest", swiftSettings: settings),
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
                "MartletTemplates", "MartletValues", "MartletWebSockets",
            ],
            path: "Tests/MartletFuzzing", exclude: ["Corpus", "Dictionaries"], swiftSettings: settings)
    ]

// Scripts/test-tsan builds a few of the tests once more.
let chosenTests = Context.environment["MARTLET_TESTS"]?.split(separator: " ").map(String.init)

let package = Package(
    name: "martlet",
    products: targets.filter { $0.type == .regular }.map { .library(name: $0.name, targets: [$0.name]) }
        + [.executable(name: "martlet", targets: ["MartletProgram"])],
    targets: targets + testTargets.filter { $0.type != .test || chosenTests?.contains($0.name) ?? true } + fuzzing,
    swiftLanguageModes: [.v6]
)
