/**
 * Sending to members that come and go: {@link weir.transport.members.ResolverConfig} says how they are found,
 * {@link weir.transport.members.DnsMembers} asks the DNS, {@link weir.transport.members.Backends} keeps a {@link
 * weir.transport.members.Backend}, a sender behind a queue of its own, for each, and loses nothing when they change.
 */
@NullMarked
package weir.transport.members;

import org.jspecify.annotations.NullMarked;
