package weir.ottl;

/** A place that always holds a map, such as a span's attributes. {@link #get} gives all of it as an encoded MAP, which is a copy. */
public interface MapAccess<T> extends Access<T> {
    /** The map, to be read and edited in place; valid until the item is left or the place is written as a whole. */
    AttributeMap map(T item);
}
