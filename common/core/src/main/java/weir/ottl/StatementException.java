package weir.ottl;

import java.util.List;
import java.util.stream.Collectors;

/** Statements that cannot be compiled, with all that is wrong in them. */
public final class StatementException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<StatementError> errors;

    public StatementException(List<StatementError> errors) {
        super(errors.stream().map(StatementError::inOneLine).collect(Collectors.joining("; ")));
        this.errors = List.copyOf(errors);
    }

    /** At least one. */
    public List<StatementError> errors() {
        return errors;
    }
}
