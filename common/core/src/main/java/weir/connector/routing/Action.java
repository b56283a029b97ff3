package weir.connector.routing;

/** What becomes of that which meets a route's condition. Names are the file's, in lower case. */
public enum Action {
    /** It goes to the route's pipelines, and no later route sees it. */
    MOVE,
    /** It goes to the route's pipelines, and later routes see it too. */
    COPY
}
