import { ask } from './api.js';
import { clock, count, el } from './dom.js';

/** The accounts of all components of all gateways. */
export async function drawLedger(gateways) {
  const answers = await everyone('ledger', gateways);
  document.getElementById('ledger').replaceChildren(...answers.map(({ gateway, answer }) => panel(gateway, answer &&
    table('ledger-table',
      ['Component', 'Signal', 'Received', 'Recovered', 'Delivered', 'Dropped', 'Refused', 'Held', 'Difference'], 2,
      answer.accounts.map((account) => [
        `${account.kind} ${account.component}`, account.signal, count(account.received), count(account.recovered),
        count(account.delivered), reasons(account.dropped), reasons(account.refused), count(account.held),
        el('span', { class: `badge ${account.difference === 0 ? 'kept' : 'bad'}`, 'data-testid': 'difference' },
          count(account.difference)),
      ])))));
}

function reasons(sums) {
  const all = Object.entries(sums);
  return all.length === 0 ? '0' : all.map(([reason, n]) => `${count(n)} ${reason}`).join(', ');
}

/** How the policies of all gateways voted. */
export async function drawPolicies(gateways) {
  const answers = await everyone('policies', gateways);
  document.getElementById('policies').replaceChildren(...answers.map(({ gateway, answer }) => panel(gateway, answer &&
    table('policies-table', ['Policy', 'Sampled', 'Not sampled', 'Dropped', 'Share'], 1,
      answer.policies.map((policy) => {
        const all = policy.sampled + policy.not_sampled + policy.dropped;
        const filled = el('i');
        filled.style.width = `${all === 0 ? 0 : (100 * policy.sampled) / all}%`;
        return [policy.policy, count(policy.sampled), count(policy.not_sampled), count(policy.dropped),
          el('div', { class: 'share' }, filled)];
      })))));
}

/** What shadow policies would have decided otherwise; nothing where there are none. */
export async function drawShadow(gateways) {
  const answers = (await everyone('shadow', gateways)).filter(({ answer }) => answer && answer.traces.length > 0);
  document.getElementById('shadow-title').hidden = answers.length === 0;
  document.getElementById('shadow').replaceChildren(...answers.map(({ gateway, answer }) => panel(gateway, el('div', {},
    table('shadow-traces', ['Sampler', 'Was', 'Shadow policies', 'Traces'], 3,
      answer.traces.map((row) => [row.component, row.live, row.shadow, count(row.traces)])),
    answer.differences.length === 0 ? null
      : table('shadow-differences', ['Decided', 'Trace', 'Was', 'By policy', 'Shadow policy', 'Spans'], 5,
        answer.differences.map((d) => [clock(d.decidedAtUnixMillis), el('span', { class: 'mono' }, d.traceId),
          d.kept ? 'kept' : 'dropped', d.policy || '–', d.shadowPolicy || '–', count(d.spans)]))))));
}

async function everyone(path, gateways) {
  return Promise.all(gateways.map(async (gateway) => {
    try {
      return { gateway, answer: await ask(path, { gateway }) };
    } catch {
      return { gateway, answer: null };
    }
  }));
}

function panel(gateway, content) {
  return el('div', { class: 'panel', 'data-testid': 'panel', 'data-gateway': gateway },
    el('h3', {}, gateway), content ?? el('p', { class: 'empty' }, 'does not answer'));
}

function table(testid, heads, texts, lines) {
  if (lines.length === 0) {
    return el('p', { class: 'empty' }, 'nothing yet');
  }
  const cellClass = (i) => (i < texts ? {} : { class: 'number' });
  return el('table', { 'data-testid': testid },
    el('thead', {}, el('tr', {}, ...heads.map((head, i) => el('th', { scope: 'col', ...cellClass(i) }, head)))),
    el('tbody', {}, ...lines.map((cells) => el('tr', {}, ...cells.map((cell, i) => el('td', cellClass(i), cell))))));
}
