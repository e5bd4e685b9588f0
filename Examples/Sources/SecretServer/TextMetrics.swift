// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

package import CoreMetrics
import Synchronization

/// Keeps metrics in memory and shows them in the text format of Prometheus: enough for a service that is scraped, without another package.
package final class TextMetrics: MetricsFactory {
    private let figures = Mutex<[String: Figure]>([:])

    package init() {}

    /// The figures, one a line, in the order of their names.
    package var text: String {
        let figures = self.figures.withLock { $0 }
        return figures.sorted { $0.key < $1.key }.flatMap { $0.value.lines }.map { $0 + "\n" }.joined()
    }

    /// The sum of a counter over all its labels; 0 if nothing was counted.
    ///
    /// - Parameter name: The name.
    package func total(of name: String) -> Double {
        self.figures.withLock { figures in figures.values.filter { $0.name == name }.reduce(0) { $0 + $1.total } }
    }

    private func figure(_ kind: Figure.Kind, _ label: String, _ dimensions: [(String, String)]) -> Figure {
        let figure = Figure(kind, label, dimensions)
        return self.figures.withLock { figures in
            if let known = figures[figure.title] { return known }
            figures[figure.title] = figure
            return figure
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        self.figure(.counter, label, dimensions)
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        self.figure(aggregate ? .summary : .gauge, label, dimensions)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        self.figure(.gauge, label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        self.figure(.summary, label, dimensions)
    }

    // Figures stay: a counter that vanished would be one that starts anew.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}

/// One figure with its labels.
private final class Figure: CounterHandler, RecorderHandler, MeterHandler, TimerHandler {
    enum Kind: Sendable { case counter, gauge, summary }

    private struct State {
        var count = 0
        var sum = 0.0
        var last = 0.0
    }

    let name: String
    /// The name with its labels.
    let title: String
    private let kind: Kind
    private let labels: String
    private let state = Mutex(State())

    init(_ kind: Kind, _ label: String, _ dimensions: [(String, String)]) {
        self.kind = kind
        self.name = Self.identifier(label)
        let pairs = dimensions.sorted { $0.0 < $1.0 }.map { "\(Self.identifier($0.0))=\"\(Self.escaped($0.1))\"" }
        self.labels = pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
        self.title = self.name + self.labels
    }

    var total: Double { self.state.withLock { $0.sum } }

    var lines: [String] {
        let state = self.state.withLock { $0 }
        return switch self.kind {
        case .counter: ["\(self.title) \(state.sum)"]
        case .gauge: ["\(self.title) \(state.last)"]
        case .summary: ["\(self.name)_count\(self.labels) \(state.count)", "\(self.name)_sum\(self.labels) \(state.sum)"]
        }
    }

    func increment(by amount: Int64) { self.add(Double(amount)) }
    func record(_ value: Int64) { self.add(Double(value)) }
    func record(_ value: Double) { self.add(value) }
    /// In seconds, as Prometheus has it.
    func recordNanoseconds(_ duration: Int64) { self.add(Double(duration) / 1e9) }
    func set(_ value: Int64) { self.state.withLock { $0.last = Double(value) } }
    func set(_ value: Double) { self.state.withLock { $0.last = value } }
    func increment(by amount: Double) { self.state.withLock { $0.last += amount } }
    func decrement(by amount: Double) { self.state.withLock { $0.last -= amount } }
    func reset() { self.state.withLock { $0 = State() } }
    func preferDisplayUnit(_ unit: TimeUnit) {}

    private func add(_ value: Double) {
        self.state.withLock { state in
            state.count += 1
            state.sum += value
            state.last = value
        }
    }

    private static func identifier(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "\\" ? #"\\"# : $0 == "\"" ? #"\""# : $0.isNewline ? #"\n"# : String($0) }.joined()
    }
}
