import MartletMigrations

// Statements and code of their own say how they are undone, or that they cannot be.

func statementWithoutAWayBack() -> RunSQL {
    // expected-error@+1 {{missing argument for parameter 'reverse' in call}}
    RunSQL("DELETE FROM a")
}

func codeWithoutAWayBack() -> RunSwift {
    // expected-error@+1 {{missing argument for parameter 'reverse' in call}}
    RunSwift { _ in }
}

func statementThatCannotBeUndone() -> RunSQL {
    RunSQL("DELETE FROM a", reverse: .irreversible)
}
