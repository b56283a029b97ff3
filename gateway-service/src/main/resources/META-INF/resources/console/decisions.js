import { ask } from './api.js';
import { clock, duration, el } from './dom.js';
import { hideTrace, showTrace } from './trace.js';

const MAX_ROWS = 400;
const STRIP_SECONDS = 120;
const RATE_SECONDS = 10;

const rows = document.getElementById('rows');
const seen = new Map(); // gateway name: { last, started }
const perSecond = new Map(); // Unix second: { kept, dropped }
let decisions = []; // newest first
let selected = null;
let paused = false;
let show = 'all';
let filter = '';

/** Fetches what a gateway decided since it was last asked. */
export async function fetchDecisions(gateway) {
  const before = seen.get(gateway) ?? { last: 0, started: 0 };
  const answer = await ask('decisions', { gateway, after: before.last, limit: 500 });
  if (before.started && answer.started !== before.started) {
    seen.delete(gateway); // It was started anew, and counts from one again.
    return;
  }
  seen.set(gateway, { last: answer.last, started: answer.started });
  for (const decision of answer.decisions) {
    decision.gateway = gateway;
    decision.key = `${gateway}/${answer.started}/${decision.sequence}`;
    const second = Math.floor(decision.decidedAtUnixMillis / 1000);
    const sums = perSecond.get(second) ?? { kept: 0, dropped: 0 };
    sums[decision.kept ? 'kept' : 'dropped'] += 1;
    perSecond.set(second, sums);
  }
  decisions.push(...answer.decisions);
}

/** Shows what was fetched. */
export function drawDecisions() {
  decisions.sort((a, b) => b.decidedAtUnixMillis - a.decidedAtUnixMillis || b.sequence - a.sequence);
  decisions.length = Math.min(decisions.length, 4 * MAX_ROWS);
  drawRates();
  if (paused) {
    return;
  }
  const shown = decisions.filter(matches).slice(0, MAX_ROWS);
  const present = new Map([...rows.children].map((row) => [row.dataset.key, row]));
  rows.replaceChildren(...shown.map((decision) => present.get(decision.key) ?? row(decision)));
  document.getElementById('no-rows').hidden = shown.length > 0;
}

function matches(decision) {
  if (show !== 'all' && decision.kept !== (show === 'kept')) {
    return false;
  }
  const text = `${decision.service} ${decision.name} ${decision.policy} ${decision.reason} ${decision.traceId}`;
  return text.toLowerCase().includes(filter);
}

function row(decision) {
  const outcome = decision.kept ? 'kept' : 'dropped';
  return el(
    'tr',
    {
      class: outcome,
      tabindex: 0,
      'data-testid': 'decision',
      'data-key': decision.key,
      'data-outcome': outcome,
      'data-trace-id': decision.traceId,
      'data-gateway': decision.gateway,
      onclick: (event) => select(event.currentTarget, decision),
      onkeydown: (event) => event.key === 'Enter' && select(event.currentTarget, decision),
    },
    el('td', {}, el('time', {}, clock(decision.decidedAtUnixMillis))),
    el('td', {}, decision.gateway),
    el('td', {}, el('span', { class: `badge ${outcome}` }, outcome)),
    el('td', { 'data-testid': 'policy' }, decision.policy || '–'),
    el('td', { class: 'what', title: decision.traceId },
      el('span', { class: 'service' }, decision.service || '?'), ' ', decision.name),
    el('td', { class: 'why', title: decision.reason, 'data-testid': 'reason' }, decision.reason),
    el('td', { class: 'number' }, duration(decision.durationMillis)),
    el('td', { class: 'number' }, String(decision.spans)),
  );
}

function select(row, decision) {
  for (const other of rows.querySelectorAll('[aria-selected]')) {
    other.removeAttribute('aria-selected');
  }
  if (selected === decision.key) {
    selected = null;
    hideTrace();
    return;
  }
  selected = decision.key;
  row.setAttribute('aria-selected', 'true');
  showTrace(decision);
}

function drawRates() {
  const now = Math.floor(Date.now() / 1000);
  for (const second of perSecond.keys()) {
    if (second < now - STRIP_SECONDS) {
      perSecond.delete(second);
    }
  }
  const sums = { kept: 0, dropped: 0 };
  const first = Math.min(...perSecond.keys(), now - 1);
  const seconds = Math.max(1, Math.min(RATE_SECONDS, now - first));
  for (let second = now - seconds; second < now; second++) {
    sums.kept += perSecond.get(second)?.kept ?? 0;
    sums.dropped += perSecond.get(second)?.dropped ?? 0;
  }
  const all = sums.kept + sums.dropped;
  text('rate-decided', (all / seconds).toFixed(1));
  text('rate-kept', (sums.kept / seconds).toFixed(1));
  text('rate-dropped', (sums.dropped / seconds).toFixed(1));
  text('share-kept', all === 0 ? '–' : `${Math.round((100 * sums.kept) / all)} %`);
  drawStrip(now);
}

function drawStrip(now) {
  const most = Math.max(1, ...[...perSecond.values()].map((s) => s.kept + s.dropped));
  const bars = [];
  for (let second = now - STRIP_SECONDS; second < now; second += 2) {
    const [a, b] = [perSecond.get(second), perSecond.get(second + 1)];
    const kept = el('b');
    const dropped = el('s');
    kept.style.height = `${(50 * ((a?.kept ?? 0) + (b?.kept ?? 0))) / most}%`;
    dropped.style.height = `${(50 * ((a?.dropped ?? 0) + (b?.dropped ?? 0))) / most}%`;
    bars.push(el('i', {}, kept, dropped));
  }
  document.getElementById('strip').replaceChildren(...bars);
}

function text(id, value) {
  document.getElementById(id).textContent = value;
}

function pause() {
  paused = !paused;
  const button = document.getElementById('pause');
  button.setAttribute('aria-pressed', String(paused));
  button.textContent = paused ? 'Paused' : 'Pause';
  drawDecisions();
}

for (const button of document.querySelectorAll('[data-show]')) {
  button.addEventListener('click', () => {
    show = button.dataset.show;
    document.querySelectorAll('[data-show]').forEach((b) => b.setAttribute('aria-pressed', String(b === button)));
    drawDecisions();
  });
}
document.getElementById('filter').addEventListener('input', (event) => {
  filter = event.target.value.trim().toLowerCase();
  drawDecisions();
});
document.getElementById('pause').addEventListener('click', pause);
document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() === 'p' && !event.ctrlKey && !event.metaKey && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
    pause();
  }
});
