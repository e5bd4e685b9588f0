// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
import ArgumentParser
import AzureHTTP
import Logging

/// The flags that say what is logged. Logs go to standard error.
struct LogOptions: ParsableArguments {
    @Option(
        name: .long, help: "Log at this level and above, on standard error: trace, debug, info, notice, warning, error, critical."
    )
    var logLevel: LogLevel = .warning

    @Flag(name: .long, help: "Log bodies and unredacted headers. The log then holds secrets and tokens.")
    var logContent = false

    /// Sets logging up, once per process.
    func bootstrap() -> LoggingOptions {
        let wanted = Logger.Level(rawValue: self.logLevel.rawValue) ?? .warning
        let level = self.logContent ? min(wanted, .debug) : wanted
        if self.logContent {
            Console.printNote("warning: --log-content writes secrets and tokens to standard error; don't share its output.")
        }
        // For what has no logger of its own, such as a token cache.
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        var logger = Logger(label: "azid")
        logger.logLevel = level
        return LoggingOptions(logger: logger, isContentLoggingEnabled: self.logContent)
    }
}

/// The levels of swift-log, as words on the command line.
enum LogLevel: String, CaseIterable, ExpressibleByArgument {
    case trace, debug, info, notice, warning, error, critical
}
#endif
