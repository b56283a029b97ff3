package weir.ottl.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Map;
import weir.ottl.Limits;

/**
 * What stands for a match: {@code $1}, {@code ${1}}, {@code $name} and {@code ${name}} mean what a group matched, nothing if there
 * is no such group; {@code $$} is a dollar. A name without braces is as long as it can be: {@code $1x} is the group {@code 1x}.
 */
final class Replacement {
    private Replacement() {}

    /** Appends a replacement for the match that a matcher is at. */
    static void expand(String template, Matcher match, Pattern pattern, StringBuilder out) {
        int at = 0;
        while (at < template.length()) {
            int dollar = template.indexOf('$', at);
            if (dollar < 0) {
                break;
            }
            out.append(template, at, dollar);
            at = dollar + 1;
            if (template.startsWith("$", at)) {
                out.append('$');
                at++;
                continue;
            }
            boolean braces = template.startsWith("{", at);
            int from = braces ? at + 1 : at;
            int end = from;
            while (end < template.length() && isName(template.charAt(end))) {
                end++;
            }
            if (end == from || (braces && !template.startsWith("}", end))) {
                out.append('$');
                continue;
            }
            group(template.substring(from, end), match, pattern, out);
            at = braces ? end + 1 : end;
        }
        out.append(template, at, template.length());
    }

    private static boolean isName(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private static void group(String name, Matcher match, Pattern pattern, StringBuilder out) {
        int number = -1;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9') && name.length() < 9) {
            number = Integer.parseInt(name);
        } else {
            Map<String, Integer> groups = pattern.namedGroups();
            number = groups.getOrDefault(name, -1);
        }
        if (number >= 0 && number <= match.groupCount()) {
            String text = match.group(number);
            if (text != null) {
                Limits.checkProduced((long) out.length() + text.length());
                out.append(text);
            }
        }
    }
}
