package weir.config;

import java.util.Collection;
import java.util.Locale;

/** Finds what somebody may have meant. */
public final class Names {
    private Names() {}

    /** The known name nearest to one that is not known, if it is near enough to be meant; else empty. */
    public static String nearest(String unknown, Collection<String> known) {
        String best = "";
        int bestDistance = Math.max(1, unknown.length() / 3) + 1;
        for (String name : known) {
            int distance = distance(unknown.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT), bestDistance);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = name;
            }
        }
        return best;
    }

    /** The hint that goes with an unknown name. */
    public static String hint(String unknown, Collection<String> known) {
        String nearest = nearest(unknown, known);
        if (!nearest.isEmpty()) {
            return "did you mean '" + nearest + "'?";
        }
        if (known.isEmpty()) {
            return "there are none";
        }
        if (known.size() == 1) {
            return "there is only '" + known.iterator().next() + "'";
        }
        String all = String.join(", ", known.stream().sorted().limit(12).toList());
        return "there are " + all + (known.size() > 12 ? ", ..." : "");
    }

    /** Levenshtein's distance, with two letters changing places counted as one step; {@code limit} if it is not less. */
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + cost);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
