import MartletORM

// How the operations for tables in use are written: squashed migrations may contain them.

extension AddIndexConcurrently: SourceWritable {
    var source: SourceCode { .call("AddIndexConcurrently", SourceArguments(.string(model), index.source).list) }
}

extension RemoveIndexConcurrently: SourceWritable {
    var source: SourceCode { .call("RemoveIndexConcurrently", SourceArguments(.string(model), .string(name)).list) }
}

extension AddConstraintNotValid: SourceWritable {
    var source: SourceCode {
        .call("AddConstraintNotValid", SourceArguments(.string(model), constraint.source).list)
    }
}

extension ValidateConstraint: SourceWritable {
    var source: SourceCode { .call("ValidateConstraint", SourceArguments(.string(model), .string(name)).list) }
}
