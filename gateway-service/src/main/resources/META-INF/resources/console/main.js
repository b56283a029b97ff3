import { ask } from './api.js';
import { drawDecisions, fetchDecisions } from './decisions.js';
import { el } from './dom.js';
import { drawLedger, drawPolicies, drawShadow } from './tables.js';

const PAGES = ['decisions', 'policies', 'ledger'];
const PERIOD_MILLIS = 1000;

let names = [];

function page() {
  const asked = location.hash.slice(1);
  return PAGES.includes(asked) ? asked : PAGES[0];
}

function showPage() {
  for (const name of PAGES) {
    document.getElementById(`page-${name}`).hidden = name !== page();
    document.querySelector(`nav a[href="#${name}"]`).toggleAttribute('aria-current', name === page());
  }
  draw();
}

async function draw() {
  if (page() === 'ledger') {
    await drawLedger(names);
  } else if (page() === 'policies') {
    await Promise.all([drawPolicies(names), drawShadow(names)]);
  } else {
    drawDecisions();
  }
}

async function round() {
  const status = document.getElementById('status');
  try {
    if (names.length === 0) {
      names = (await ask('gateways')).gateways.map((gateway) => gateway.name);
    }
    const answers = await Promise.allSettled(names.map(fetchDecisions));
    document.getElementById('gateways').replaceChildren(...names.map((name, i) => {
      const away = answers[i].status === 'rejected';
      return el('li', { class: away ? 'away' : '', 'data-testid': 'gateway', title: away ? 'does not answer' : 'answers' }, name);
    }));
    await draw();
    status.textContent = answers.every((answer) => answer.status === 'rejected') ? 'No gateway answers.' : '';
  } catch (failure) {
    status.textContent = `The console's gateway does not answer: ${failure.message}`;
  }
  setTimeout(round, PERIOD_MILLIS);
}

addEventListener('hashchange', showPage);
showPage();
round();
