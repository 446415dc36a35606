extension Logger {
    /// How many events the sink of this task has dropped or lost since it was made.
    public static var droppedEvents: Int { LogScope.current.settings.sink.droppedEvents }
}
