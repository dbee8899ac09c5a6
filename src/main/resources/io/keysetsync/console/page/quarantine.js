/** The records that were set aside: why, what they look like, and what to do with them. */
import { html, nothing } from '../lib/lit-html/lit-html.js';
import { live } from '../lib/lit-html/directives/live.js';
import { repeat } from '../lib/lit-html/directives/repeat.js';
import { perform } from './actions.js';
import { post } from './api.js';
import { confirm } from './dialog.js';
import { count, exact, number, time } from './format.js';
import { record } from './json.js';
import { replace, toStream, write } from './route.js';
import { changed, detail, state } from './state.js';
import { icon } from './status.js';

const MOST_SHOWN = 200;
const chosen = new Set();

const fieldOf = entry => entry.field ?? /^field (.+?): /.exec(entry.reason)?.[1];

/** @param each the stream; null for the records of all of them */
export function quarantine(route, each = null) {
  const { data, error } = detail(route);
  if (!data) {
    return error ? nothing : html`<p class="empty">Asking …</p>`;
  }
  const q = (route.q ?? '').trim().toLowerCase();
  const found = data.filter(entry => !q || entry.reason.toLowerCase().includes(q) || (!each && entry.stream.toLowerCase().includes(q)));
  const total = each ? each.quarantined : state.streams?.reduce((sum, stream) => sum + (stream.quarantined ?? 0), 0);
  const picked = found.filter(entry => chosen.has(entry.id));
  const entry = data.find(one => one.id === route.id) ?? found[0];
  return html`
    ${data.length || q ? toolbar(route, each, { data, found, picked, total, whole: data.length >= (total ?? 0) && !q }) : nothing}
    ${found.length ? html`<div class="split">
        <ul class="entries" @keydown=${move}>${repeat(found.slice(0, MOST_SHOWN), one => one.id, one => item(one, entry, route, each))}</ul>
        ${one(entry, each)}
      </div>` : html`<p class="empty">${data.length ? 'No reason has this text.' : 'No record is in quarantine.'}</p>`}
    ${found.length > MOST_SHOWN ? html`<p class="muted">The newest ${MOST_SHOWN} of ${number(found.length)} are shown; search for the others.</p>` : nothing}`;
}

function toolbar(route, each, { data, found, picked, total, whole }) {
  const target = picked.length ? { ids: picked.map(entry => entry.id) } : each && whole ? { stream: each.stream } : { ids: found.map(entry => entry.id) };
  const amount = picked.length || (target.stream ? total : found.length);
  const what = picked.length ? 'selected' : route.q ? 'found' : 'all';
  return html`<div class="tools">
    <label class="search">${icon('search')}<span class="away">Search by reason</span><input type="search" id="search" autocomplete="off" spellcheck="false"
      placeholder=${each ? 'Search by reason' : 'Search by reason or stream'} .value=${live(route.q ?? '')}
      @input=${event => replace({ ...route, id: undefined, q: event.target.value })}><kbd aria-hidden="true">/</kbd></label>
    <span class="muted grow">${picked.length ? number(picked.length) + ' selected' : count(found.length, 'record')}${total > data.length
      ? ' of ' + number(total) : ''}</span>
    <button type="button" @click=${() => retry(target)} ?disabled=${!amount}>${icon('retry')}Retry ${what} (${number(amount)})</button>
    <button type="button" class="danger" @click=${() => drop(target, amount, each)} ?disabled=${!amount}>${icon('drop')}Drop ${what} (${number(amount)})</button>
  </div>`;
}

const item = (entry, shown, route, each) => html`<li class=${entry === shown ? 'shown' : ''}>
  <input type="checkbox" aria-label="Select this record" .checked=${live(chosen.has(entry.id))} @change=${event => toggle(entry.id, event.target.checked)}>
  <a href=${write({ ...route, id: entry.id })} aria-current=${entry === shown ? 'true' : 'false'}><span class="reason">${entry.reason}</span>
    <span class="muted">${each ? nothing : html`${entry.stream} · `}${time(entry.seen_at)}</span></a></li>`;

function toggle(id, on) {
  on ? chosen.add(id) : chosen.delete(id);
  changed();
}

function one(entry, each) {
  const target = { ids: [entry.id] };
  return html`<section class="panel entry" aria-label="The record">
    <div class="panelhead"><h2>Record</h2><span class="muted">set aside ${time(entry.seen_at)}</span>
      <div class="buttons"><button type="button" class="retry-one" @click=${() => retry(target)}>${icon('retry')}Retry</button>
        <button type="button" class="danger drop-one" @click=${() => drop(target, 1, each)}>${icon('drop')}Drop</button></div></div>
    <p class="reason error">${entry.reason}</p>
    ${record(entry.record, fieldOf(entry))}
    <p class="muted small">${each ? nothing : html`Stream <a href=${toStream(entry.stream, 'quarantine')}>${entry.stream}</a>, `}first seen
      ${exact(entry.seen_at)} by run <a class="mono" href=${toStream(entry.stream, 'runs', entry.run_id)}>${entry.run_id}</a></p>
  </section>`;
}

const retry = target => perform('retry', async () => {
  const answer = await post('quarantine/retry', target);
  chosen.clear();
  if (answer.errors?.length) {
    throw new Error(answer.errors.join('; '));
  }
  return answer;
}, ({ tried, upserted, unchanged, deleted, quarantined }) => `${count(tried, 'record')} tried: ${number(upserted)} upserted, `
  + `${number(unchanged)} unchanged, ${number(deleted)} deleted, ${number(quarantined)} still in quarantine`);

function drop(target, amount, each) {
  confirm({
    title: 'Drop ' + count(amount, 'record') + '?',
    text: (each ? each.stream + ': ' : '') + (amount === 1 ? 'the record is' : 'these records are')
      + ' deleted from the quarantine, and not saved. The API lists a record again when it changes, or after the cursor was reset.',
    action: 'Drop',
    danger: true,
    then: () => perform('drop', () => post('quarantine/drop', target), ({ dropped }) => {
      chosen.clear();
      return count(dropped, 'record') + ' dropped';
    }),
  });
}

function move(event) {
  const sense = { ArrowUp: 'previousElementSibling', ArrowDown: 'nextElementSibling' }[event.key];
  const to = sense && event.target.closest('li')?.[sense];
  if (to) {
    event.preventDefault();
    to.querySelector(event.target.localName).focus();
  }
}
