/** The runs of a stream: bars, plots, one run's details, a table. */
import { html, nothing } from '../lib/lit-html/lit-html.js';
import { repeat } from '../lib/lit-html/directives/repeat.js';
import { bars, isChange, isRetry, legend, sentence } from './bars.js';
import { brief, duration, exact, number, rate, time, took } from './format.js';
import { plot } from './plots.js';
import { toStream } from './route.js';
import { changed, detail } from './state.js';
import { badge, icon, known, MEANINGS } from './status.js';
import { say } from './notice.js';

/** Distances between the marks of a plot of durations, in milliseconds: seconds, minutes and hours, not thousands of them. */
const DURATIONS = [1, 10, 100, 1_000, 10_000].flatMap(each => [each, 2 * each, 5 * each])
  .concat([1, 2, 5, 10, 30, 60, 120, 360, 720, 1_440, 14_400].map(minutes => minutes * 60_000));

let pointed = null; // the run whose bar the pointer or the focus is on

const show = run => {
  if (run?.run_id !== pointed?.run_id) {
    pointed = run;
    changed();
  }
};

/** An error as it is, which also says what to do. */
export const errorBox = text => html`<div class="errorbox"><pre>${text}</pre><button type="button" class="small" title="Copy"
  aria-label="Copy the error" @click=${() => navigator.clipboard?.writeText(text).then(() => say('Copied'))}>${icon('copy')}</button></div>`;

export function runs(route) {
  const { data } = detail(route);
  if (!data) {
    return html`<p class="empty">Asking …</p>`;
  }
  if (!data.length) {
    return html`<p class="empty">No run has begun yet.</p>`;
  }
  const chosen = data.find(run => run.run_id === route.id);
  const href = run => toStream(route.stream, 'runs', run.run_id === route.id ? undefined : run.run_id);
  const told = data.find(run => run.run_id === pointed?.run_id) ?? chosen ?? data[0];
  return html`
    <section class="panel" aria-label="Latest runs">
      <div class="panelhead"><h2>Last ${data.length} runs</h2><span class="readout">${sentence(told)}</span></div>
      ${bars(data, route.id, href, show)}
      <div class="panelfoot">${legend(data)}<span class="muted">height: records, square-root scale</span></div>
    </section>
    ${chosen ? details(chosen, route) : route.id ? html`<p class="empty">That run is not among the last ${data.length}.</p>` : nothing}
    <div class="plots">
      ${plot('Records per second', data, rate, value => number(value < 10 ? Math.round(value * 10) / 10 : Math.round(value)) + '/s')}
      ${plot('Duration', data, run => (isChange(run) ? null : took(run)), duration, DURATIONS)}
    </div>
    ${table(data, route, href)}`;
}

function details(run, route) {
  return html`<section class="panel run ${known(run.status)}" aria-label="Details of the run">
    <div class="panelhead"><h2>${isChange(run) ? 'Cursor changed' : isRetry(run) ? 'Retry of the quarantine' : 'Run'} ${time(run.started_at)}</h2>
      ${badge(run.status)}<a class="close" href=${toStream(route.stream, 'runs')} aria-label="Close the details">${icon('close')}</a></div>
    ${run.error ? errorBox(run.error) : nothing}
    ${isChange(run) ? nothing : html`<p class="muted">${MEANINGS[known(run.status)]}</p>`}
    <dl class="facts">
      ${pair('Started', exact(run.started_at))}${pair('Ended', run.ended_at ? exact(run.ended_at) : 'under way')}
      ${pair('Took', duration(took(run)))}${pair('Pages', number(run.pages))}${pair('Records', number(run.records))}
      ${pair('Upserted', number(run.upserted))}${pair('Unchanged', number(run.unchanged))}${pair('Deleted', number(run.deleted))}
      ${pair('Quarantined', number(run.quarantined))}${pair('Cursor from', run.cursor_from ?? 'none', true)}
      ${pair('Cursor to', run.cursor_to ?? 'none', true)}${run.schema_changes ? pair('Table changed', run.schema_changes) : nothing}
      ${run.node ? pair('Node', run.node, true) : nothing}${pair('Run', run.run_id, true)}
    </dl></section>`;
}

const pair = (label, value, mono) => html`<div><dt>${label}</dt><dd class=${mono ? 'mono' : ''}>${value}</dd></div>`;

function table(data, route, href) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Runs"><table class="plain">
    <thead><tr><th>Status</th><th>Started</th><th class="num">Took</th><th class="num">Pages</th><th class="num">Records</th>
      <th class="num">Upserted</th><th class="num">Unchanged</th><th class="num">Deleted</th><th class="num">Quarantined</th>
      <th>Cursor to</th><th>Error</th></tr></thead>
    <tbody>${repeat(data, run => run.run_id, run => html`<tr class=${run.run_id === route.id ? 'selected' : ''}>
      <td><a href=${href(run)} aria-label=${sentence(run)}>${isChange(run) ? html`<span class="badge change">cursor changed</span>` : badge(run.status)}${isRetry(run) ? ' retry' : nothing}</a></td>
      <td>${time(run.started_at)}</td><td class="num">${isChange(run) ? '' : duration(took(run))}</td>
      ${['pages', 'records', 'upserted', 'unchanged', 'deleted', 'quarantined'].map(key =>
        html`<td class="num ${run[key] ? '' : 'muted'}">${number(run[key] ?? 0)}</td>`)}
      <td class="mono">${run.cursor_to ?? 'none'}</td><td class="error cut" title=${run.error ?? ''}>${brief(run.error, route.stream)}</td>
    </tr>`)}</tbody></table></div>`;
}
