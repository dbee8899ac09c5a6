/** The statuses of streams and runs: name, sign, meaning. */
import { html, svg } from '../lib/lit-html/lit-html.js';

const SIGNS = {
  complete: svg`<path d="m4.5 8.3 2.4 2.4 4.6-5"/>`,
  failed: svg`<path d="m5.3 5.3 5.4 5.4m0-5.4-5.4 5.4"/>`,
  running: svg`<path d="M6.5 5v6l4.5-3z"/>`,
  waiting: svg`<path d="M8 4.6V8l2.3 1.5"/>`,
  paused: svg`<path d="M6.4 5.4v5.2m3.2-5.2v5.2"/>`,
  'rate-limited': svg`<path d="M5.2 4.8h5.6L8 8l2.8 3.2H5.2L8 8z"/>`,
  interrupted: svg`<path d="M5 8h6"/>`,
  fenced: svg`<path d="M6.3 5v6m3.4-6v6M4.6 8h6.8"/>`,
  new: svg`<path d="M8 8h.01"/>`,
};

/** What each status means, and what follows. */
export const MEANINGS = {
  complete: 'The API said that there is no more.',
  failed: 'The run stopped at an error. What it committed stays; the next run continues from the cursor.',
  running: 'A run is under way.',
  waiting: 'In a run that waits for a retry, a rate limit or its turn.',
  paused: 'No run begins until the stream is resumed.',
  'rate-limited': 'The API asks for a longer wait than a run takes. A later run continues from the cursor.',
  interrupted: 'The program ended during the run. The next run continues from the cursor.',
  fenced: 'Another runner, or a change of the cursor, was first. The next run begins at the cursor that is stored now.',
  new: 'No run has begun yet.',
};

/** From what needs attention to what doesn't. */
export const STATUSES = Object.freeze(
  ['failed', 'rate-limited', 'fenced', 'interrupted', 'waiting', 'running', 'paused', 'complete', 'new']);

export const known = status => (status in SIGNS ? status : 'new');

export const sign = status => html`<svg class="sign ${known(status)}" viewBox="0 0 16 16" aria-hidden="true">
  <circle cx="8" cy="8" r="7"/>${SIGNS[known(status)]}</svg>`;

export const badge = status => html`<span class="badge ${known(status)}" title=${MEANINGS[known(status)]}
  >${sign(status)}<span>${status ?? 'new'}</span></span>`;

const ICONS = {
  run: svg`<path d="M5 3.5v9l7.5-4.5z"/>`,
  pause: svg`<path d="M5.5 3.5v9m5-9v9"/>`,
  resume: svg`<path d="M4 3.5v9M7 3.5v9L13 8z"/>`,
  retry: svg`<path d="M13 8a5 5 0 1 1-1.6-3.7L13 6m0-3.2V6H9.8"/>`,
  drop: svg`<path d="M3 4.5h10M6.3 4.3V3h3.4v1.3M4.3 4.5l.6 8.5h6.2l.6-8.5"/>`,
  cursor: svg`<path d="M8 2.5v11M4.5 2.5h7m-7 11h7"/>`,
  reset: svg`<path d="M3 8a5 5 0 1 0 1.6-3.7L3 6m0-3.2V6h3.2"/>`,
  copy: svg`<path d="M6 5.5h7v8H6zM3 10.5v-8h7"/>`,
  search: svg`<circle cx="7" cy="7" r="4"/><path d="m10 10 3.5 3.5"/>`,
  close: svg`<path d="m4 4 8 8m0-8-8 8"/>`,
};

export const icon = name => html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${ICONS[name]}</svg>`;
