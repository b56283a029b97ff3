package weir.relabel;

import com.google.re2j.Matcher;

/**
 * Go's {@code Regexp.Expand}: {@code $1}, {@code ${1}}, {@code $name}, {@code ${name}} stand for groups and {@code $$} for a
 * dollar. A name without braces is as long as it can be, so that {@code $1x} is the group "1x"; one that
 * there is not is empty; a dollar before anything else is itself.
 */
final class Expansion {
    private Expansion() {}

    static String expand(String template, Matcher matcher) {
        int dollar = template.indexOf('$');
        if (dollar < 0) {
            return template;
        }
        StringBuilder out = new StringBuilder(template.length() + 16);
        int at = 0;
        while (dollar >= 0 && dollar + 1 < template.length()) {
            out.append(template, at, dollar);
            at = dollar + 1;
            if (template.charAt(at) == '$') {
                out.append('$');
                at++;
            } else {
                boolean braces = template.charAt(at) == '{';
                int from = braces ? at + 1 : at;
                int end = endOfName(template, from);
                if (end == from || (braces && (end == template.length() || template.charAt(end) != '}'))) {
                    out.append('$');
                } else {
                    out.append(group(template.substring(from, end), matcher));
                    at = braces ? end + 1 : end;
                }
            }
            dollar = template.indexOf('$', at);
        }
        return out.append(template, at, template.length()).toString();
    }

    private static int endOfName(String template, int from) {
        int end = from;
        while (end < template.length()
                && (Character.isLetterOrDigit(template.charAt(end)) || template.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    private static String group(String name, Matcher matcher) {
        String value;
        if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            if (name.length() > 8 || Integer.parseInt(name) > matcher.groupCount()) {
                return "";
            }
            value = matcher.group(Integer.parseInt(name));
        } else {
            value = matcher.pattern().namedGroups().containsKey(name) ? matcher.group(name) : null;
        }
        return value == null ? "" : value;
    }
}
