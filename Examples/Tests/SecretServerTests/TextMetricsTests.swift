// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import SecretServer
import Testing

struct TextMetricsTests {
    @Test func showsFiguresAsPrometheusReadsThem() {
        let metrics = TextMetrics()
        metrics.makeCounter(label: "azure.requests_total", dimensions: [("credential", "A\"B")]).increment(by: 2)
        metrics.makeCounter(label: "azure.requests_total", dimensions: [("credential", "A\"B")]).increment(by: 1)
        metrics.makeRecorder(label: "seconds_to_expiry", dimensions: [], aggregate: false).record(Int64(60))
        metrics.makeTimer(label: "duration", dimensions: [("b", "2"), ("a", "1")]).recordNanoseconds(1_500_000_000)
        #expect(
            metrics.text == """
                azure_requests_total{credential="A\\"B"} 3.0
                duration_count{a="1",b="2"} 1
                duration_sum{a="1",b="2"} 1.5
                seconds_to_expiry 60.0

                """)
        #expect(metrics.total(of: "azure_requests_total") == 3)
        #expect(metrics.total(of: "nothing") == 0)
    }
}
