// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

// Metrics of the process as Prometheus reads them, without a dependency; compiled.

#if canImport(CoreMetrics)
import AzureIdentity
import CoreMetrics
import Synchronization

/// Keeps the metrics of the process, and writes them in Prometheus's text format (0.0.4). Timers are summaries in seconds.
final class PrometheusMetrics: MetricsFactory {
    fileprivate struct Series {
        var value = 0.0
        var count = 0
    }

    private struct Family {
        let type: String
        var series: [String: Series] = [:]
    }

    private let families = Mutex<[String: Family]>([:])

    /// The body of an answer to `GET /metrics`, of the type `text/plain; version=0.0.4`.
    var text: String {
        self.families.withLock { $0 }.sorted { $0.key < $1.key }.map { name, family in
            let lines = family.series.sorted { $0.key < $1.key }.map { labels, series in
                family.type == "summary"
                    ? "\(name)_sum\(labels) \(series.value)\n\(name)_count\(labels) \(series.count)\n"
                    : "\(name)\(labels) \(series.value)\n"
            }
            return "# TYPE \(name) \(family.type)\n" + lines.joined()
        }.joined()
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.handler(label, "counter", dimensions)
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { self.handler(label, "gauge", dimensions) }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        self.handler(label, aggregate ? "summary" : "gauge", dimensions)
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.handler(label + "_seconds", "summary", dimensions)
    }

    // What was counted stays, as Prometheus wants it.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private func handler(_ name: String, _ type: String, _ dimensions: [(String, String)]) -> PrometheusHandler {
        let labels = dimensions.map { name, value in
            "\(name)=\"\(value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\""
        }
        let key = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
        return PrometheusHandler(isAggregate: type == "summary") { [self] change in
            self.families.withLock { change(&$0[name, default: Family(type: type)].series[key, default: Series()]) }
        }
    }
}

/// One series: what it is told, it tells its factory.
private final class PrometheusHandler: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    private let isAggregate: Bool
    private let change: @Sendable ((inout PrometheusMetrics.Series) -> Void) -> Void

    init(isAggregate: Bool, change: @escaping @Sendable ((inout PrometheusMetrics.Series) -> Void) -> Void) {
        self.isAggregate = isAggregate
        self.change = change
    }

    func increment(by amount: Int64) { self.change { $0.value += Double(amount) } }
    func increment(by amount: Double) { self.change { $0.value += amount } }
    func decrement(by amount: Double) { self.change { $0.value -= amount } }
    func set(_ value: Int64) { self.set(Double(value)) }
    func set(_ value: Double) { self.change { $0.value = value } }
    func record(_ value: Int64) { self.record(Double(value)) }
    func record(_ value: Double) {
        self.change {
            $0.value = self.isAggregate ? $0.value + value : value
            $0.count += 1
        }
    }
    func recordNanoseconds(_ duration: Int64) { self.record(Double(duration) / 1e9) }
    func reset() { self.change { $0 = PrometheusMetrics.Series() } }
}

// snippet.METRICS
let metrics = PrometheusMetrics()
MetricsSystem.bootstrap(metrics)
// snippet.end

_ = try? await DefaultAzureCredential().token(forScopes: "https://vault.azure.net/.default")
print(metrics.text)
#endif
