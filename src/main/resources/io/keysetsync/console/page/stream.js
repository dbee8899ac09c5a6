/** One stream: how it is, its runs, its rows, its quarantine. */
import { html, nothing } from '../lib/lit-html/lit-html.js';
import { actions } from './actions.js';
import { resetCursor, setCursor } from './cursor.js';
import { lag, number, relative, time } from './format.js';
import { quarantine } from './quarantine.js';
import { toStream } from './route.js';
import { rows } from './rows.js';
import { errorBox, runs } from './runs.js';
import { detail, state, stream as find } from './state.js';
import { badge, icon, known, MEANINGS } from './status.js';
import { next } from './streams.js';

export function stream(route) {
  const each = find(route.stream);
  if (!each) {
    return html`<h1 tabindex="-1">${route.stream}</h1><p class="empty">${!state.streams ? 'Asking …'
      : html`There is no stream of this name. <a href="#/">All streams</a>`}</p>`;
  }
  return html`
    <div class="head">
      <h1 tabindex="-1">${each.stream}</h1>${badge(each.status)}
      <div class="buttons">
        ${actions(each)}
        <button type="button" @click=${() => setCursor(each)}>${icon('cursor')}Set cursor</button>
        <button type="button" @click=${() => resetCursor(each)}>${icon('reset')}Reset cursor</button>
      </div>
    </div>
    ${trouble(each, route)}
    ${facts(each)}
    <nav class="tabs" aria-label="Of this stream">
      ${tab(route, 'runs', 'Runs')}${tab(route, 'rows', 'Rows')}
      ${tab(route, 'quarantine', html`Quarantine${each.quarantined ? html` <b>${number(each.quarantined)}</b>` : nothing}`)}
    </nav>
    ${content(route, each)}`;
}

const tab = (route, name, label) => html`<a href=${toStream(route.stream, name)}
  aria-current=${route.tab === name ? 'page' : 'false'}>${label}</a>`;

function content(route, each) {
  const { error } = detail(route);
  const show = { runs, rows, quarantine }[route.tab];
  return html`${error ? html`<p class="problem">${error.message}</p>` : nothing}${show(route, each)}`;
}

/** What is wrong, in full, above everything else; while the next run is under way, too. */
function trouble(each, route) {
  const run = [each.last_run, ...detail({ ...route, tab: 'runs' }).data ?? []].find(one => one?.ended_at);
  if (each.status === 'waiting') {
    return html`<div class="trouble waiting"><p><b>Waiting</b> for ${each.waiting_for ?? 'a retry, a rate limit or its turn'}${each.waiting_until
      ? html`, until ${time(each.waiting_until)}` : nothing}.</p></div>`;
  }
  return run?.error && run.status !== 'complete'
    ? html`<div class="trouble ${known(run.status)}"><p><b>The last run ${verb(run.status)}</b> ${time(run.ended_at)}.
        ${MEANINGS[known(run.status)]}</p>${errorBox(run.error)}</div>`
    : nothing;
}

const verb = status => ({ failed: 'failed', 'rate-limited': 'was rate-limited', fenced: 'was fenced' })[status] ?? 'was ' + status;

const fact = (label, value, more) => html`<div><dt>${label}</dt><dd>${value}</dd>${more ? html`<dd class="more">${more}</dd>` : nothing}</div>`;

function facts(each) {
  const field = each.cursor_field ? each.cursor_field + (each.cursor_type ? ', ' + each.cursor_type : '') : '';
  return html`<dl class="facts">
    ${fact('Last complete', time(each.last_complete, 'never'))}
    ${fact('Next run', next(each), each.schedule && html`<code>${each.schedule}</code>`)}
    ${fact('Lag', html`<span title="now minus the cursor; it grows while the API has nothing new">${lag(each.lag_seconds)}</span>`)}
    ${fact('Cursor', html`<span class="mono" title=${each.cursor ? relative(each.cursor) : ''}>${each.cursor ?? 'none'}</span>`, field)}
    ${each.table ? fact('Table', html`<span class="mono">${each.table}</span>`) : nothing}
    ${each.url ? fact('From', html`<span class="mono">${each.url}</span>`) : nothing}
  </dl>`;
}
