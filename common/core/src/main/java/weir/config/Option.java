package weir.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one option of a pipeline file: a component of a configuration record. The option's name is the component's in
 * snake case ({@code decisionWait} is {@code decision_wait}) unless {@link #name} says otherwise.
 *
 * <p>What a component's type means: {@code String}, {@code boolean}, {@code int}, {@code long}, {@code double}, an enum
 * (written in lower case, with {@code _} or {@code -} as its {@code toString} gives it), {@code Duration} ("1m30s"), {@code Secret}, another record,
 * a {@code List} or {@code Map<String, ...>} of such. A {@code @Nullable} one is null when the file does not name it, and a
 * record that the file names without a value has all its defaults.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
    /** What it does, with its unit and range, in a sentence or two. */
    String doc();

    /** Its default as it would be written in the file; empty: the type's own (empty text, empty list, 0, false, a record of defaults). */
    String fallback() default "";

    /** Whether the file must give it. */
    boolean required() default false;

    /** Its name in the file, where that is not the component's in snake case. */
    String name() default "";

    /** Other names that are understood, for files written for other versions. */
    String[] aliases() default {};

    /** Whether a change takes effect while the service runs. */
    boolean live() default false;
}
