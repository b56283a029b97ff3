package weir.members;

import weir.hash.Member;

/**
 * A member as a source sees it now.
 *
 * @param ready whether it takes requests; true where the source cannot know
 * @param stable whether its name survives a restart, so that one which is gone may come back
 */
public record Sighting(Member member, boolean ready, boolean stable) {}
