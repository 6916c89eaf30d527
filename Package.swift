// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "reprise",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "reprise", targets: ["reprise"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .target(
            name: "Wire",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio")
            ]
        ),
        .target(
            name: "Scenarios",
            dependencies: [
                "Wire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Yams", package: "Yams"),
            ]
        ),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Metrics", dependencies: ["CZlib"]),
        .target(
            name: "LoadRunner",
            dependencies: [
                "Scenarios", "Metrics", "Wire",
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]
        ),
        .target(
            name: "PracticeServer",
            dependencies: [
                "Wire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
            ]
        ),
        .executableTarget(
            name: "reprise",
            dependencies: [
                "LoadRunner", "Scenarios", "Metrics", "Wire", "PracticeServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "WireTests",
            dependencies: [
                "Wire",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            resources: [.copy("Fixtures")]
        ),
        .testTarget(
            name: "ScenariosTests",
            dependencies: [
                "Scenarios", "Wire",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            resources: [.copy("Fixtures")]
        ),
        .testTarget(
            name: "MetricsTests",
            dependencies: [
                "Metrics",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            exclude: ["Golden"]
        ),
        .testTarget(
            name: "PracticeServerTests",
            dependencies: [
                "PracticeServer", "Wire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "LoadRunnerTests",
            dependencies: [
                "LoadRunner", "PracticeServer", "Scenarios", "Metrics", "Wire",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            resources: [.copy("Fixtures")]
        ),
        .testTarget(
            name: "RepriseTests",
            dependencies: [
                "reprise", "LoadRunner",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(
            name: "Interop",
            dependencies: [
                "reprise", "LoadRunner", "PracticeServer", "Scenarios", "Metrics", "Wire",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            resources: [.copy("Peers")]
        ),
    ]
)

/// Set by `.ci/run`: only this package's own targets are held to it, whatever the dependencies warn about.
let warningsAreErrors = Context.environment["REPRISE_WARNINGS_AS_ERRORS"] == "1"

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
    if warningsAreErrors { target.swiftSettings?.append(.treatAllWarnings(as: .error)) }
}

// `REPRISE_FUZZ=1 swift build --product Fuzz` builds the fuzz targets in Fuzz; nobody else needs that flag of the compiler.
if Context.environment["REPRISE_FUZZ"] == "1" {
    for target in package.targets where ["Scenarios", "Wire"].contains(target.name) {
        target.swiftSettings?.append(.unsafeFlags(["-sanitize=fuzzer"]))
    }
    package.targets.append(
        .executableTarget(
            name: "Fuzz",
            dependencies: ["Scenarios", "Wire", .product(name: "NIOCore", package: "swift-nio")],
            path: "Fuzz",
            swiftSettings: [
                .enableUpcomingFeature("MemberImportVisibility"),
                .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"]),
            ],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])]
        )
    )
}
