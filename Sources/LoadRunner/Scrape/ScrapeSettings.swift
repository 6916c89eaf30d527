package import Metrics

/// Which servers are asked for their own metrics: `--scrape`.
package struct ScrapeSettings: Sendable {
    package var endpoints: [Endpoint]
    /// Which series are kept; none: all but buckets.
    package var patterns: [ScrapePattern]
    /// Certificates in PEM to trust in place of the system's.
    package var authority: EndpointAuthority?

    package init(endpoints: [Endpoint], patterns: [ScrapePattern] = [], authority: EndpointAuthority? = nil) {
        self.endpoints = endpoints
        self.patterns = patterns
        self.authority = authority
    }
}
