import { ask } from './api.js';
import { clock, duration, el } from './dom.js';

const VOTES = { keep: '✓ keep', not_keep: '✗', drop: '✗ drop', not_asked: '– not asked' };
const panel = document.getElementById('trace');
let wanted = null;

export function hideTrace() {
  wanted = null;
  panel.hidden = true;
}

/** Shows a decision and, if the trace was kept, its spans over time. */
export async function showTrace(decision) {
  wanted = decision.key;
  panel.hidden = false;
  const body = el('div', { 'data-testid': 'timeline' });
  const votes = el('div', {});
  panel.replaceChildren(
    el('header', {},
      el('h2', {}, `${decision.service || '?'} · ${decision.name || '?'}`),
      el('button', { type: 'button', 'data-testid': 'close-trace', onclick: hideTrace }, 'Close')),
    el('dl', {},
      ...pair('Outcome', decision.kept ? 'kept' : 'dropped'),
      ...pair('Policy', decision.policy || 'none'),
      ...pair('Why', decision.reason || '–'),
      ...pair('Decided', `${clock(decision.decidedAtUnixMillis)} by ${decision.gateway}, trigger: ${decision.trigger}`),
      ...pair('Trace id', el('span', { class: 'mono' }, decision.traceId))),
    votes, body);
  showVotes(decision, votes);
  if (!decision.kept) {
    body.append(el('p', { class: 'soft' }, 'Its spans were dropped, so there is nothing more to show.'));
    return;
  }
  try {
    const trace = await ask(`traces/${decision.traceId}`, { gateway: decision.gateway });
    if (wanted === decision.key) {
      body.replaceChildren(timeline(trace.spans));
    }
  } catch (failure) {
    body.append(el('p', { class: 'soft' }, failure.message));
  }
}

/** Shows what each policy said. */
async function showVotes(decision, place) {
  try {
    const { answers } = await ask(`why/${decision.traceId}`, { gateway: decision.gateway });
    const decided = answers.filter((answer) => answer.state === 'decided' && answer.kept === decision.kept);
    if (wanted === decision.key) {
      place.replaceChildren(...decided.map((answer) => el('table', { 'data-testid': 'votes' },
        el('caption', {}, `Policies of ${answer.sampler}, in the order in which they were asked`),
        el('tbody', {}, ...answer.votes.map((vote) => el('tr', { class: vote.vote, 'data-testid': 'vote' },
          el('td', {}, vote.policy), el('td', {}, VOTES[vote.vote]), el('td', { class: 'why' }, vote.values)))))));
    }
  } catch {
    place.replaceChildren(el('p', { class: 'soft' }, 'What its policies looked at is not known any more.'));
  }
}

function pair(term, value) {
  return [el('dt', {}, term), el('dd', {}, value)];
}

function timeline(spans) {
  const end = Math.max(0.001, ...spans.map((span) => span.offsetMillis + span.durationMillis));
  const box = el('div', { class: 'timeline' });
  for (const { span, depth } of ordered(spans)) {
    const bar = el('i');
    bar.style.left = `${(100 * span.offsetMillis) / end}%`;
    bar.style.width = `${(100 * span.durationMillis) / end}%`;
    const label = el('span', { class: 'label', title: `${span.service} · ${span.name}` },
      el('span', { class: 'service' }, span.service || '?'), ' ', span.name);
    label.style.paddingLeft = `${Math.min(depth, 12) * 14}px`;
    const details = detail(span);
    details.hidden = true;
    box.append(
      el('button',
        {
          type: 'button',
          class: `span${span.status === 'error' ? ' error' : ''}`,
          'data-testid': 'span',
          'data-status': span.status,
          'aria-expanded': 'false',
          onclick: (event) => {
            details.hidden = !details.hidden;
            event.currentTarget.setAttribute('aria-expanded', String(!details.hidden));
          },
        },
        label, el('span', { class: 'lane' }, bar), el('span', { class: 'number soft' }, duration(span.durationMillis))),
      details);
  }
  return box;
}

/** Parents before children, siblings by their start; a span whose parent is not here counts as a root. */
function ordered(spans) {
  const ids = new Set(spans.map((span) => span.spanId));
  const children = new Map();
  for (const span of spans) {
    const parent = ids.has(span.parentSpanId) && span.parentSpanId !== span.spanId ? span.parentSpanId : '';
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const result = [];
  const placed = new Set();
  const stack = (children.get('') ?? []).map((span) => ({ span, depth: 0 })).reverse();
  while (stack.length > 0) {
    const next = stack.pop();
    if (placed.has(next.span)) {
      continue;
    }
    placed.add(next.span);
    result.push(next);
    const below = children.get(next.span.spanId) ?? [];
    stack.push(...below.map((span) => ({ span, depth: next.depth + 1 })).reverse());
  }
  // Spans that are each other's ancestors have no root; they are shown all the same.
  return [...result, ...spans.filter((span) => !placed.has(span)).map((span) => ({ span, depth: 0 }))];
}

function detail(span) {
  const facts = [
    ['kind', span.kind],
    ['status', span.statusMessage ? `${span.status}: ${span.statusMessage}` : span.status],
    ['starts after', duration(span.offsetMillis)],
    ['span id', span.spanId],
    ['scope', span.scope],
  ].filter(([, value]) => value);
  return el('div', { class: 'detail' },
    list(facts),
    ...group('Attributes', span.attributes),
    ...span.events.flatMap((event) => group(`Event ${event.name} at ${duration(event.offsetMillis)}`, event.attributes)),
    ...group('Resource', span.resource));
}

function group(title, values) {
  const entries = Object.entries(values);
  return entries.length === 0 ? [el('b', {}, title)] : [el('b', {}, title), list(entries)];
}

function list(entries) {
  return el('dl', {}, ...entries.flatMap(([name, value]) => pair(name, value)));
}
