// Text from telemetry is hostile: it only ever becomes a text node or an attribute's value here, never markup.

/** Makes an element: el('td', { class: 'number', onclick: f }, 'text', otherElement). */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== undefined && value !== null && value !== false) {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** "2.41 s", "38 ms", "0.4 ms". */
export function duration(millis) {
  if (millis >= 60000) {
    return `${Math.floor(millis / 60000)} min ${Math.round((millis % 60000) / 1000)} s`;
  }
  if (millis >= 1000) {
    return `${(millis / 1000).toFixed(2)} s`;
  }
  return millis >= 10 ? `${Math.round(millis)} ms` : `${millis.toFixed(1)} ms`;
}

/** "14:03:27". */
export function clock(unixMillis) {
  const date = new Date(unixMillis);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

const counts = new Intl.NumberFormat('en');

/** "12,345". */
export function count(n) {
  return counts.format(n);
}
