package weir.ottl.syntax;

import org.jspecify.annotations.Nullable;

/**
 * An editor's call and when it is made.
 *
 * @param where null: always
 */
public record Statement(Expression.Call editor, @Nullable Expression where) {}
