/** Moves or forgets a stream's cursor, once the dialog has said what the next run will ask for. */
import { html, nothing } from '../lib/lit-html/lit-html.js';
import { perform } from './actions.js';
import { get, post, streamPath } from './api.js';
import { confirm } from './dialog.js';
import { stream as find } from './state.js';

const PAUSE = 250;

const change = (name, value) => perform(name + '\ncursor', () => post(streamPath(name, 'cursor'), { value }),
  name + ': the cursor is ' + (value ?? 'forgotten'));

/** Asks what the first request would be with another cursor. */
async function nextRequest(each, value) {
  try {
    const { method, url, cursor: since, until } = await get(streamPath(each.stream, 'next-request'), { cursor: value });
    return { since, until, request: method + ' ' + url };
  } catch (error) {
    return { error: error.message };
  }
}

const consequence = ({ request, since, until, error, pending }) => html`<div class="next-request ${pending ? 'old' : ''}" aria-live="polite">
  ${error ? html`<p class="error">${error}</p>` : html`
    <p>The next run will ask for ${!request ? '…' : since == null ? html`<b>everything</b>` : html`what changed since <b>${since}</b>`}${until
      ? html` until <b>${until}</b>` : nothing}</p><pre class="muted">${request}</pre>`}</div>`;

const underWay = name => (['running', 'waiting'].includes(find(name)?.status)
  ? html`<p>A run is under way. It ends as <i>fenced</i> at its next page, and what it committed stays.</p>` : nothing);

export async function setCursor(each) {
  let value = each.cursor ?? '';
  let seen = {};
  let timer = null;
  const look = async () => {
    const asked = value;
    const answer = asked.trim() ? await nextRequest(each, asked.trim()) : {};
    if (asked === value) {
      seen = answer;
      draw();
    }
  };
  const draw = confirm({
    title: 'Set the cursor of ' + each.stream,
    content: () => html`
      <label class="field">Cursor, as the API writes it${each.cursor_field ? html` in <code>${each.cursor_field}</code>` : nothing}
        <input class="mono" name="cursor" autocomplete="off" spellcheck="false" .value=${value} autofocus @input=${event => {
          value = event.target.value;
          seen = { ...seen, pending: true };
          draw();
          clearTimeout(timer);
          timer = setTimeout(look, PAUSE);
        }}></label>
      ${consequence(seen)}
      <p>No row is deleted. Records that the API lists again change a row only if they are newer.</p>
      ${underWay(each.stream)}`,
    action: 'Set cursor',
    ready: () => Boolean(seen.request && !seen.pending && !seen.error),
    then: () => change(each.stream, value.trim()),
  });
  look();
}

export async function resetCursor(each) {
  let seen = {};
  const draw = confirm({
    title: 'Reset the cursor of ' + each.stream + '?',
    content: () => html`
      <p>The cursor ${each.cursor ? html`<code>${each.cursor}</code> ` : nothing}is forgotten, and the next run asks for everything since the
        initial cursor. No row is deleted. A full sync of a large table can take long, and uses up the API's rate limit.</p>
      ${consequence(seen)}${underWay(each.stream)}`,
    action: 'Reset cursor',
    danger: true,
    ready: () => Boolean(seen.request),
    then: () => change(each.stream, null),
  });
  seen = await nextRequest(each, null);
  draw();
}
