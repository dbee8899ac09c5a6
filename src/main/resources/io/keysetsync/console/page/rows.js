/** The newest rows of a stream's table. */
import { html } from '../lib/lit-html/lit-html.js';
import { Digits } from './api.js';
import { detail } from './state.js';

const MOST_SHOWN = 200;

export function rows(route, each) {
  const { data, error } = detail(route);
  if (!data) {
    return error ? '' : html`<p class="empty">Asking …</p>`;
  }
  if (!data.length) {
    return html`<p class="empty">The table has no row yet.</p>`;
  }
  const columns = [...new Set(data.flatMap(Object.keys))];
  return html`<p class="muted above">The ${data.length} newest rows${each.table ? html` of <span class="mono">${each.table}</span>` : ''},
      by the cursor.</p>
    <div class="scroll" tabindex="0" role="region" aria-label="Newest rows"><table class="plain rows">
    <thead><tr>${columns.map(column => html`<th class="${column === each.cursor_field ? 'iscursor' : ''} ${data.some(row => isNumber(row[column])) ? 'num' : ''}">${column}</th>`)}</tr></thead>
    <tbody>${data.map(row => html`<tr>${columns.map(column => cell(row[column]))}</tr>`)}</tbody></table></div>`;
}

const isNumber = value => typeof value === 'number' || value instanceof Digits;

function cell(value) {
  if (value == null) {
    return html`<td class="muted">null</td>`;
  }
  const text = typeof value === 'object' && !isNumber(value) ? JSON.stringify(value) : String(value);
  return html`<td class=${isNumber(value) ? 'num' : ''} title=${text.length > 30 ? text : ''}>${text.length > MOST_SHOWN
    ? text.slice(0, MOST_SHOWN) + '…' : text}</td>`;
}
