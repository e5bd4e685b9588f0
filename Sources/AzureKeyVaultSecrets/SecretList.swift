// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

/// A list of secrets, or of the versions of one, without their values: an asynchronous sequence that fetches pages as they are needed.
///
/// Each iterator begins anew. An error ends it, as cancelling the task does. What it throws ``SecretClient`` says, and ``SecretClientError`` with
/// ``SecretClientError/Code/foreignLink`` if the list goes on at another place than the vault.
public struct SecretList: AsyncSequence, Sendable {
    /// The elements: properties of secrets.
    public typealias Element = SecretProperties
    /// What the sequence throws.
    public typealias Failure = any Error

    let client: SecretClient
    let path: [String]
    let secretName: String?
    let pageSize: Int?

    /// Makes an iterator, which asks for the first page when its first element is awaited.
    ///
    /// - Returns: The iterator.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(list: self) }

    /// What hands the elements on, one after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        /// The elements: properties of secrets.
        public typealias Element = SecretProperties
        /// What ``next(isolation:)`` throws.
        public typealias Failure = any Error

        /// The most pages without an element that are fetched one after the other.
        private static let emptyPageLimit = 100

        private enum Next {
            case first
            case link(String)
            case end
        }

        private let list: SecretList
        private var page: ArraySlice<SecretResponseBody> = []
        private var next = Next.first
        private var circle = CircleFinder()

        fileprivate init(list: SecretList) { self.list = list }

        /// Waits for the next element.
        ///
        /// - Parameter actor: The actor to run on: the caller's.
        /// - Returns: The next element; `nil` at the end, and after an error.
        /// - Throws: The error that ends the sequence.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> SecretProperties? {
            do {
                var fetched = 0
                while self.page.isEmpty {
                    try Task.checkCancellation()
                    guard fetched < Self.emptyPageLimit else {
                        throw SecretClientError.response("The list has page after page with nothing.")
                    }
                    guard try await self.fetch() else { return nil }
                    fetched += 1
                }
                return try self.page.popFirst()?.properties()
            } catch let error {
                self.next = .end
                self.page = []
                throw error
            }
        }

        /// Fetches a page.
        ///
        /// - Returns: Whether there was one left.
        private mutating func fetch() async throws -> Bool {
            var last: String?
            switch self.next {
            case .first:
                if let name = self.list.secretName { try VaultAddress.checkName(name) }
                if let size = self.list.pageSize, !(1...25).contains(size) {
                    throw SecretClientError.argument("A page has 1 to 25 secrets.")
                }
            case .link(let link): last = link
            case .end: return false
            }
            let body = try await self.list.client.page(
                self.list.path,
                secretName: self.list.secretName,
                pageSize: self.list.pageSize,
                link: last
            )
            self.page = (body.value ?? [])[...]
            guard let link = body.nextLink, !link.isEmpty else {
                self.next = .end
                return true
            }
            guard link != last, !self.circle.isClosed(by: link) else {
                throw SecretClientError.response("The list's pages lead in a circle.")
            }
            self.next = .link(link)
            return true
        }
    }
}

/// Finds out whether links lead in a circle, of whatever length, and keeps one link alone: each is compared with one that is replaced after
/// 1, 2, 4, 8 … links, so that sooner or later it is on the circle, and the circle fits in between. Pure.
struct CircleFinder: Sendable {
    private var landmark: String?
    private var steps = 0
    private var reach = 1

    /// Whether the next link is one that was there before. No circle is found too early, and each within thrice as many links as lead into it
    /// and around it.
    mutating func isClosed(by link: String) -> Bool {
        guard link != self.landmark else { return true }
        self.steps += 1
        if self.steps == self.reach {
            self.landmark = link
            self.steps = 0
            self.reach *= 2
        }
        return false
    }
}
