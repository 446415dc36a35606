// swift-tools-version: 6.2
import PackageDescription

let martlet: Target.Dependency = .product(name: "Martlet", package: "martlet")

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "blog",
    products: [.executable(name: "manage", targets: ["Manage"])],
    dependencies: [.package(name: "martlet", path: "../..")],
    targets: [
        .target(name: "Accounts", dependencies: [martlet], swiftSettings: settings),
        .target(name: "Blog", dependencies: [martlet, "Accounts"], swiftSettings: settings),
        .target(name: "Config", dependencies: [martlet, "Accounts", "Blog"], swiftSettings: settings),
        .executableTarget(name: "Manage", dependencies: [martlet, "Config"], swiftSettings: settings),
        .testTarget(
            name: "BlogTests",
            dependencies: [
                martlet, "Accounts", "Blog", "Config", .product(name: "MartletTesting", package: "martlet"),
            ],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
