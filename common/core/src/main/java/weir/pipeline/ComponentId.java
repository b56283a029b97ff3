package weir.pipeline;

/**
 * The id of a component in a pipeline file: {@code type} or {@code type/name}.
 *
 * @param type as written, which may be an alias
 * @param name empty when the id is the type alone
 */
public record ComponentId(String type, String name) {
    public static ComponentId parse(String id) {
        int slash = id.indexOf('/');
        return slash < 0 ? new ComponentId(id, "") : new ComponentId(id.substring(0, slash), id.substring(slash + 1));
    }

    @Override
    public String toString() {
        return name.isEmpty() ? type : type + "/" + name;
    }
}
