/** What can be done to a stream: buttons, and what they ask for. */
import { html } from '../lib/lit-html/lit-html.js';
import { post, streamPath } from './api.js';
import { fail, say } from './notice.js';
import { changed, refresh, state } from './state.js';
import { icon } from './status.js';

/** Sends a request and says how it went; until then its button is inert. */
export async function perform(key, request, done) {
  if (state.waiting.has(key)) {
    return null;
  }
  state.waiting.add(key);
  changed();
  try {
    const answer = await request();
    say(typeof done === 'function' ? done(answer) : done);
    return answer;
  } catch (error) {
    fail(error.message);
    return null;
  } finally {
    state.waiting.delete(key);
    await refresh();
  }
}

const act = (name, what, done) => perform(name + '\n' + what, () => post(streamPath(name, what)), done);

/** Run now, and pause or resume. */
export function actions(stream, small = false) {
  const name = stream.stream;
  const paused = stream.paused ?? stream.status === 'paused';
  return html`${button(name, 'run', 'Run now', small, name + ': a run begins')}
    ${paused
      ? button(name, 'resume', 'Resume', small, name + ': resumed')
      : button(name, 'pause', 'Pause', small, name + ': paused; a run that is under way still ends')}`;
}

const button = (name, what, label, small, done) => html`<button type="button" class="act ${what} ${small ? 'small' : ''}"
  title=${label} aria-label=${small ? label + ': ' + name : label} aria-disabled=${state.waiting.has(name + '\n' + what) ? 'true' : 'false'}
  @click=${() => act(name, what, done)}>${icon(what)}${small ? '' : label}</button>`;
