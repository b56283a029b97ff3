package weir.e2e;

/** What the fault experiments share: how long each loads, and how each says what it saw. */
final class Experiment {
    /** How long to load, by {@code -Dexperiment.seconds}. */
    static final int SECONDS = Integer.getInteger("experiment.seconds", 30);

    private Experiment() {}

    /** A line for the script that runs experiments: which one, what had to be, what was. */
    @SuppressWarnings("AnnotateFormatMethod") // The annotation is in a library that only the checker needs.
    static void saw(String number, String what, Object... values) {
        System.out.printf("experiment %s: %s%n", number, what.formatted(values));
    }
}
