package weir.rim;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a service.
 *
 * @param config the pipeline file; null: the one built in
 * @param data where components may keep files; null: the user's folder for such
 * @param check look at the file, say what is wrong with it, and start nothing
 * @param untilStdinEnds end when standard input does, which ties a child process to its parent
 * @param train start for the JVM's ahead-of-time cache, and end
 * @param complaint a sentence when the command line was not understood, else empty
 */
public record ServiceArguments(
        @Nullable Path config,
        @Nullable Path data,
        boolean check,
        boolean untilStdinEnds,
        boolean train,
        String complaint) {
    static final String USAGE = "[--config FILE] [--data DIR] [--check]";

    /** Options are taken as {@code --name value} and {@code --name=value}. */
    public static ServiceArguments parse(String... args) {
        Path config = null;
        Path data = null;
        boolean check = false;
        boolean untilStdinEnds = false;
        boolean train = false;
        List<String> left = List.of(args);
        while (!left.isEmpty()) {
            String word = left.getFirst();
            left = left.subList(1, left.size());
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            switch (name) {
                case "--check" -> check = true;
                case "--until-stdin-ends" -> untilStdinEnds = true;
                case "--train" -> train = true;
                case "--config", "--data" -> {
                    if (equals < 0 && left.isEmpty()) {
                        return misunderstood(name + " needs a value");
                    }
                    Path value = Path.of(equals < 0 ? left.getFirst() : word.substring(equals + 1));
                    left = equals < 0 ? left.subList(1, left.size()) : left;
                    if (name.equals("--config")) {
                        config = value;
                    } else {
                        data = value;
                    }
                }
                default -> {
                    return misunderstood("'" + word + "' is no option");
                }
            }
        }
        return new ServiceArguments(config, data, check, untilStdinEnds, train, "");
    }

    private static ServiceArguments misunderstood(String why) {
        return new ServiceArguments(null, null, false, false, false, why);
    }
}
