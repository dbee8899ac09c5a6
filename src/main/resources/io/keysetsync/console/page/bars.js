/** Runs as bars: height by the number of records, on a scale of square roots; colour and pattern by the status. */
import { html } from '../lib/lit-html/lit-html.js';
import { repeat } from '../lib/lit-html/directives/repeat.js';
import { count, duration, number, relative, took } from './format.js';
import { known } from './status.js';

/** Whether a row of the history is a change of the cursor rather than a run; earlier versions wrote no kind. */
export const isChange = run => run.kind === 'state' || (run.status === 'complete' && !run.pages && !run.records);

/** Whether a row is a retry of quarantined records. */
export const isRetry = run => run.kind === 'retry';

const height = (run, most) => (isChange(run) ? 100 : Math.max(4, Math.round(100 * Math.sqrt((run.records ?? 0) / most))));

const highest = runs => Math.max(1, ...runs.map(run => run.records ?? 0));

/** A run in one line. */
export function sentence(run) {
  const when = relative(run.started_at);
  if (isChange(run)) {
    return when + ': cursor changed, ' + (run.cursor_from ?? 'none') + ' → ' + (run.cursor_to ?? 'none');
  }
  const set = run.quarantined ? ', ' + number(run.quarantined) + ' quarantined' : '';
  return when + ': ' + (isRetry(run) ? 'retry of the quarantine ' : '') + run.status + ', ' + count(run.records ?? 0, 'record') + set + ', ' + duration(took(run));
}

const kind = run => (isChange(run) ? 'change' : known(run.status));

/** Bars that are links to their runs. Arrow keys go from one to the next; Tab goes past all of them. */
export function bars(runs, selected, href, show) {
  const most = highest(runs);
  const oldestFirst = [...runs].reverse();
  const stop = selected ?? oldestFirst.at(-1)?.run_id;
  return html`<div class="bars" role="group" aria-label="The last ${runs.length} runs, the oldest first" @keydown=${move}
    @pointerleave=${() => show(null)}>${repeat(oldestFirst, run => run.run_id, run => html`<a
      class="bar ${kind(run)} ${run.run_id === selected ? 'selected' : ''}" href=${href(run)} aria-label=${sentence(run)}
      aria-current=${run.run_id === selected ? 'true' : 'false'} tabindex=${run.run_id === stop ? 0 : -1}
      @pointerenter=${() => show(run)} @focus=${() => show(run)} @blur=${() => show(null)}><i
      .style=${'height:' + height(run, most) + '%'}></i></a>`)}</div>`;
}

function move(event) {
  const at = event.target.closest('.bar');
  const to = {
    ArrowLeft: at?.previousElementSibling,
    ArrowRight: at?.nextElementSibling,
    Home: at?.parentElement.firstElementChild,
    End: at?.parentElement.lastElementChild,
  }[event.key];
  if (to) {
    event.preventDefault();
    to.focus();
  }
}

/** A stream's latest runs, small, as a picture. */
export function miniBars(runs) {
  const most = highest(runs);
  const failed = runs.filter(run => run.status === 'failed').length;
  return html`<span class="mini" role="img" aria-label="The last ${count(runs.length, 'run')}, ${failed} failed"
    >${[...runs].reverse().map(run => html`<i class="bar ${kind(run)}" title=${sentence(run)}><i
      .style=${'height:' + height(run, most) + '%'}></i></i>`)}</span>`;
}

/** The statuses that the bars have, with their patterns. */
export const legend = runs => html`<ul class="legend">${[...new Set(runs.map(kind))].map(each => html`<li><i
  class="bar ${each}"><i></i></i>${each === 'change' ? 'cursor changed' : each}</li>`)}</ul>`;
