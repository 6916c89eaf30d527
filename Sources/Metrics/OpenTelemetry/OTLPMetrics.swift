/// The messages of OpenTelemetry's protocol that carry metrics, as its JSON writes them.
///
/// opentelemetry-proto 1.x, `opentelemetry/proto/collector/metrics/v1/metrics_service.proto` and `metrics/v1/metrics.proto`,
/// in the JSON mapping of proto3 with the exceptions of "OTLP/HTTP JSON": names in lowerCamelCase, enumerations as numbers,
/// 64-bit integers as texts.
enum OTLP {
    /// `ExportMetricsServiceRequest`
    struct Request: Encodable, Sendable {
        var resourceMetrics: [ResourceMetrics]
    }

    struct ResourceMetrics: Encodable, Sendable {
        var resource: Resource
        var scopeMetrics: [ScopeMetrics]
    }

    struct Resource: Encodable, Sendable {
        var attributes: [Attribute]
    }

    struct ScopeMetrics: Encodable, Sendable {
        var scope: Scope
        var metrics: [Metric]
    }

    /// `InstrumentationScope`
    struct Scope: Encodable, Sendable {
        var name: String
        var version: String
    }

    /// One of the three kinds of data is there.
    struct Metric: Encodable, Sendable {
        var name: String
        var description: String
        var unit: String
        var sum: Sum?
        var gauge: Gauge?
        var histogram: Histogram?
    }

    struct Sum: Encodable, Sendable {
        var dataPoints: [NumberPoint]
        var aggregationTemporality = OTLP.cumulative
        var isMonotonic = true
    }

    struct Gauge: Encodable, Sendable {
        var dataPoints: [NumberPoint]
    }

    struct Histogram: Encodable, Sendable {
        var dataPoints: [HistogramPoint]
        var aggregationTemporality = OTLP.cumulative
    }

    /// `NumberDataPoint`: one of the two values is there.
    struct NumberPoint: Encodable, Sendable {
        var attributes: [Attribute]
        var startTimeUnixNano: String?
        var timeUnixNano: String
        var asInt: String?
        var asDouble: Double?
    }

    /// `HistogramDataPoint`
    struct HistogramPoint: Encodable, Sendable {
        var attributes: [Attribute]
        var startTimeUnixNano: String
        var timeUnixNano: String
        var count: String
        var sum: Double
        var bucketCounts: [String]
        var explicitBounds: [Double]
        var min: Double
        var max: Double
    }

    /// `KeyValue` with a text for its value.
    struct Attribute: Encodable, Hashable, Sendable {
        struct Value: Encodable, Hashable, Sendable {
            var stringValue: String
        }

        var key: String
        var value: Value

        init(_ key: String, _ value: String) {
            self.key = key
            self.value = Value(stringValue: value)
        }
    }

    /// `AGGREGATION_TEMPORALITY_CUMULATIVE`
    static let cumulative = 2
}
