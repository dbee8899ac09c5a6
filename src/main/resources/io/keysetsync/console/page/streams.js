/** The list of all streams. */
import { html, nothing } from '../lib/lit-html/lit-html.js';
import { live } from '../lib/lit-html/directives/live.js';
import { repeat } from '../lib/lit-html/directives/repeat.js';
import { actions } from './actions.js';
import { miniBars } from './bars.js';
import { brief, compact, count, duration, lag, number, roughLag, took, time } from './format.js';
import { watch } from './history.js';
import { replace, toStream } from './route.js';
import { state } from './state.js';
import { badge, known, sign, STATUSES, icon } from './status.js';

const COLUMNS = [
  ['name', 'Stream', (a, b) => byName(a, b)],
  ['status', 'Status', (a, b) => STATUSES.indexOf(known(a.status)) - STATUSES.indexOf(known(b.status))],
  ['runs', 'Latest runs'],
  ['records', 'Last run', (a, b) => order(b.last_run?.records, a.last_run?.records)],
  ['lag', 'Lag', (a, b) => order(b.lag_seconds, a.lag_seconds)],
  ['last', 'Last complete', (a, b) => order(a.last_complete ?? '', b.last_complete ?? '')],
  ['next', 'Next run', (a, b) => order(a.next_run ?? '~', b.next_run ?? '~')],
  ['cursor', 'Cursor'],
  ['quarantined', 'Quarantine', (a, b) => order(b.quarantined, a.quarantined)],
];

const NAMES = new Intl.Collator('en', { numeric: true });

const byName = (a, b) => NAMES.compare(a.stream, b.stream);

const order = (a, b) => ((a ?? -1) < (b ?? -1) ? -1 : (a ?? -1) > (b ?? -1) ? 1 : 0);

export function streams(route) {
  const all = state.streams ?? [];
  const found = sorted(all.filter(each => matches(each, route)), route.sort);
  return html`
    <div class="head">
      <h1 tabindex="-1">Streams</h1>
      <label class="search">${icon('search')}<span class="away">Search streams</span><input type="search" id="search"
        placeholder="Search by name, URL, table, error" autocomplete="off" spellcheck="false" .value=${live(route.q ?? '')}
        @input=${event => replace({ ...route, q: event.target.value })}><kbd aria-hidden="true">/</kbd></label>
    </div>
    ${filters(all, route)}
    <table class="streams" role="table" aria-rowcount=${found.length + 1} aria-label="Streams">
      <thead role="rowgroup"><tr role="row">${COLUMNS.map(column => heading(column, route))}<th role="columnheader"
        class="acts"><span class="away">Actions</span></th></tr></thead>
      ${body(found)}
    </table>
    ${found.length ? nothing : empty(all)}`;
}

const narrow = matchMedia('(max-width: 860px)');
const AROUND = 12; // rows above and below those in sight

/** The rows in sight, and some around them; the others are space of the same height. */
function body(found) {
  const height = narrow.matches ? 92 : 48; // as in the style sheet
  const top = document.querySelector('.streams tbody')?.getBoundingClientRect().top ?? 0;
  const most = Math.ceil(innerHeight / height) + 2 * AROUND;
  const first = Math.max(0, Math.min(Math.floor(-top / height) - AROUND, found.length - most));
  const last = Math.min(first + most, found.length);
  return html`<tbody role="rowgroup" @keydown=${move} .style=${`padding: ${first * height}px 0 ${(found.length - last) * height}px`}
    >${repeat(found.slice(first, last), each => each.stream, (each, i) => row(each, first + i + 2))}</tbody>`;
}

function empty(all) {
  return html`<p class="empty">${!state.streams
    ? state.problem ? 'No answer yet.' : 'Asking …'
    : all.length ? 'No stream matches.' : html`There is no stream yet. <code>keyset-sync add STREAM URL</code> makes one.`}</p>`;
}

function matches(each, { q, status }) {
  return (!status || (status === 'quarantine' ? each.quarantined > 0 : known(each.status) === status))
    && (!q || [each.stream, each.url, each.table, each.status, each.last_run?.error]
      .some(text => text?.toLowerCase().includes(q.trim().toLowerCase())));
}

/** By name if nothing else is said, so that rows keep their place while runs come and go. */
function sorted(list, sort = 'name') {
  const compare = COLUMNS.find(([key]) => key === sort.replace('-', ''))?.[2] ?? byName;
  const sense = sort.startsWith('-') ? -1 : 1;
  return list.sort((a, b) => sense * compare(a, b) || byName(a, b));
}

function filters(all, route) {
  const counts = new Map();
  all.forEach(each => counts.set(known(each.status), (counts.get(known(each.status)) ?? 0) + 1));
  const set = all.filter(each => each.quarantined > 0).length;
  return html`<div class="filters" role="group" aria-label="Filter by status">
    ${chip(route, undefined, html`All`, all.length)}
    ${STATUSES.filter(status => counts.has(status) || route.status === status).map(status =>
      chip(route, status, html`${sign(status)}${status}`, counts.get(status) ?? 0))}
    ${set || route.status === 'quarantine' ? chip(route, 'quarantine', html`with quarantine`, set) : nothing}</div>`;
}

const chip = (route, status, label, amount) => html`<button type="button" class="chip ${status ?? 'all'}"
  aria-pressed=${route.status === status ? 'true' : 'false'}
  @click=${() => replace({ ...route, status: route.status === status ? undefined : status })}>${label} <b
  >${number(amount)}</b></button>`;

function heading([key, label, compare], route) {
  const sort = route.sort ?? 'name';
  const direction = sort === key ? 'ascending' : sort === '-' + key ? 'descending' : 'none';
  return compare
    ? html`<th role="columnheader" class=${key} aria-sort=${direction}><button type="button"
        @click=${() => replace({ ...route, sort: direction === 'ascending' ? '-' + key : key })}>${label}</button></th>`
    : html`<th role="columnheader" class=${key}>${label}</th>`;
}

function row(each, index) {
  const run = each.last_run;
  const error = ['failed', 'rate-limited', 'fenced'].includes(run?.status) ? run.error : null;
  return html`<tr role="row" aria-rowindex=${index} data-stream=${each.stream} class=${known(each.status)}>
    <td role="cell" class="name"><a class="to" href=${toStream(each.stream)} title=${each.stream}>${each.stream}</a>
      ${error ? html`<span class="line error ${known(run.status)}" title=${error}>${brief(error, each.stream)}</span>`
        : html`<span class="line muted" title=${each.url ?? ''}>${each.url?.replace(/^https?:\/\//, '')}</span>`}</td>
    <td role="cell" class="status">${badge(each.status)}${each.waiting_for
      ? html`<span class="line muted" title=${each.waiting_for}>${each.waiting_for}</span>` : nothing}</td>
    <td role="cell" class="runs" ${watch(each)}>${miniBars(state.history.get(each.stream)?.runs ?? [])}</td>
    <td role="cell" class="records" title="records of the last run">${run ? compact(run.records ?? 0) : '–'}<span class="line muted"
      >${run ? duration(took(run)) : ''}</span></td>
    <td role="cell" class="lag" title=${lag(each.lag_seconds)}><span class="label">lag </span>${roughLag(each.lag_seconds)}</td>
    <td role="cell" class="last"><span class="label">complete </span>${time(each.last_complete, 'never')}</td>
    <td role="cell" class="next"><span class="label">next </span>${next(each)}</td>
    <td role="cell" class="cursor"><span class="mono line" title=${each.cursor ?? ''}>${each.cursor ?? 'none'}</span></td>
    <td role="cell" class="quarantined">${each.quarantined
      ? html`<a href=${toStream(each.stream, 'quarantine')} aria-label="${count(each.quarantined, 'record')} of ${each.stream} in quarantine"
          >${number(each.quarantined)}</a>` : html`<span class="muted">0</span>`}</td>
    <td role="cell" class="acts">${actions(each, true)}</td>
  </tr>`;
}

export function next(each) {
  if (each.status === 'paused' || each.paused) {
    return html`<span class="muted">paused</span>`;
  }
  return time(each.next_run);
}

/** Up and down go to the same control of the next row. */
function move(event) {
  const sense = { ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling' }[event.key];
  const from = event.target.closest('a, button');
  const to = sense && from?.closest('tr')[sense];
  if (to) {
    event.preventDefault();
    const same = [...from.closest('tr').querySelectorAll('a, button')].indexOf(from);
    const others = [...to.querySelectorAll('a, button')];
    (others.find(other => other.className === from.className) ?? others[same] ?? others[0]).focus();
  }
}
