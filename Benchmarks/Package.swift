// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "martlet-benchmarks",
    dependencies: [.package(name: "martlet", path: "..")],
    targets: [
        .executableTarget(
            name: "BenchmarkServer",
            dependencies: [
                .product(name: "MartletCache", package: "martlet"),
                .product(name: "MartletHTTP", package: "martlet"),
                .product(name: "MartletJSON", package: "martlet"),
                .product(name: "MartletMiddleware", package: "martlet"),
                .product(name: "MartletORM", package: "martlet"),
                .product(name: "MartletPostgreSQL", package: "martlet"),
                .product(name: "MartletREST", package: "martlet"),
                .product(name: "MartletRouting", package: "martlet"),
                .product(name: "MartletServer", package: "martlet"),
                .product(name: "MartletShortcuts", package: "martlet"),
                .product(name: "MartletTemplates", package: "martlet"),
            ],
            path: "Server"),
        .executableTarget(
            name: "MicroBenchmark",
            dependencies: [
                .product(name: "MartletHTTP", package: "martlet"),
                .product(name: "MartletLogging", package: "martlet"),
                .product(name: "MartletMiddleware", package: "martlet"),
                .product(name: "MartletORM", package: "martlet"),
                .product(name: "MartletRouting", package: "martlet"),
                .product(name: "MartletSessions", package: "martlet"),
                .product(name: "MartletSite", package: "martlet"),
                .product(name: "MartletTesting", package: "martlet"),
                "Measuring",
            ],
            path: "Micro"),
        .executableTarget(
            name: "ORMBenchmark",
            dependencies: [
                .product(name: "MartletORM", package: "martlet"),
                .product(name: "MartletPostgreSQL", package: "martlet"),
                .product(name: "MartletSQLite", package: "martlet"),
                "Measuring",
            ],
            path: "ORM"),
        .executableTarget(
            name: "CacheBenchmark", dependencies: [.product(name: "MartletCache", package: "martlet")], path: "Cache"),
        .executableTarget(
            name: "LoggingBenchmark", dependencies: [.product(name: "MartletLogging", package: "martlet")],
            path: "Logging"),
        .executableTarget(
            name: "MetricsBenchmark",
            dependencies: [.product(name: "MartletMetrics", package: "martlet"), "Measuring"], path: "Metrics"),
        // How operations are repeated, and what is printed of them.
        .target(name: "Measuring", path: "Measuring"),
    ],
    swiftLanguageModes: [.v6]
)
