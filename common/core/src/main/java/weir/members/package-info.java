/**
 * Who the members are that share the keys: {@link weir.members.MemberSource} finds out and goes on looking, {@link
 * weir.members.Roster} makes one {@link weir.hash.Membership} after the other of what it finds, in which a member that restarts
 * stays a member.
 */
@NullMarked
package weir.members;

import org.jspecify.annotations.NullMarked;
