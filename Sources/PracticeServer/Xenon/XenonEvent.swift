/// The events that the server sends, in the order of the document's tables; then those of today.
enum XenonEvent: Int, CaseIterable {
    case nodeConnected, nodeDisconnected
    case sessionStarted, sessionStopped, sessionCommand
    case healingEvent
    case selectorFixed, selectorProgress, selectorResolved, selectorRegressed
    case selectorCancelled, selectorMuted, selectorUnmuted
    case interceptorSessionStarted, interceptorRequest, interceptorSessionStopped
    case deviceAdded, deviceRemoved, deviceBlocked, deviceUnblocked, deviceProgress
    case bugReportGenerated
    case recordingStarted, recordingStopped, recordingFailed, recordingBookmarkAdded, recordingAnnotationAdded

    var name: StaticString {
        switch self {
        case .nodeConnected: "node_connected"
        case .nodeDisconnected: "node_disconnected"
        case .sessionStarted: "session_started"
        case .sessionStopped: "session_stopped"
        case .sessionCommand: "session_command"
        case .healingEvent: "healing_event"
        case .selectorFixed: "selector_fixed"
        case .selectorProgress: "selector_progress"
        case .selectorResolved: "selector_resolved"
        case .selectorRegressed: "selector_regressed"
        case .selectorCancelled: "selector_cancelled"
        case .selectorMuted: "selector_muted"
        case .selectorUnmuted: "selector_unmuted"
        case .interceptorSessionStarted: "interceptor_session_started"
        case .interceptorRequest: "interceptor_request"
        case .interceptorSessionStopped: "interceptor_session_stopped"
        case .deviceAdded: "device_added"
        case .deviceRemoved: "device_removed"
        case .deviceBlocked: "device_blocked"
        case .deviceUnblocked: "device_unblocked"
        case .deviceProgress: "device_progress"
        case .bugReportGenerated: "bug_report_generated"
        case .recordingStarted: "recording_started"
        case .recordingStopped: "recording_stopped"
        case .recordingFailed: "recording_failed"
        case .recordingBookmarkAdded: "recording_bookmark_added"
        case .recordingAnnotationAdded: "recording_annotation_added"
        }
    }
}
