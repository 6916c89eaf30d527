/// What runs in the dashboard's page: it takes the events and draws. Texts go in as text, never as markup.
enum DashboardScript {
    static let text = state + drawing + page + events
}
