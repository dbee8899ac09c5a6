/** The console: shows the view that the address names, and keeps it up to date. */
import { html, nothing, render } from '../lib/lit-html/lit-html.js';
import { ask } from './history.js';
import { number, time } from './format.js';
import { say } from './notice.js';
import { quarantine } from './quarantine.js';
import { read, write } from './route.js';
import { detail, onChange, open, state } from './state.js';
import { known } from './status.js';
import { stream } from './stream.js';
import { streams } from './streams.js';

const [top, banner, main] = ['top', 'banner', 'main'].map(id => document.getElementById(id));
const views = { streams, stream, quarantine: allQuarantined };

let route = read(location.hash);
let before = new Map(); // stream: its status at the last update
let listAt = { hash: '#/', scroll: 0 };

function allQuarantined(where) {
  const { error } = detail(where);
  return html`<div class="head"><h1 tabindex="-1">Quarantine</h1></div>
    ${error ? html`<p class="problem">${error.message}</p>` : nothing}${quarantine(where)}`;
}

function paint() {
  const focused = document.activeElement;
  render(heading(), top);
  render(trouble(), banner);
  render(views[route.view](route), main);
  if (focused !== document.activeElement && focused.isConnected) {
    focused.focus({ preventScroll: true }); // its row has moved
  }
  document.title = title();
  announce();
  if (route.view === 'streams') {
    ask();
  }
}

function heading() {
  const set = state.streams?.reduce((sum, each) => sum + (each.quarantined ?? 0), 0);
  const { version, node, database, folder } = state.program ?? {};
  return html`<a class="brand" href=${listAt.hash}><img src="page/icon.svg" alt="" width="20" height="20">keyset-sync</a>
    <nav aria-label="Pages">
      <a href=${listAt.hash} aria-current=${route.view === 'streams' ? 'page' : 'false'}>Streams</a>
      <a href="#/quarantine" aria-current=${route.view === 'quarantine' ? 'page' : 'false'}>Quarantine${set ? html` <b>${number(set)}</b>` : nothing}</a>
    </nav>
    <p class="program">${database ? html`<span>${database}</span>` : nothing}${node ? html`<span>${node}</span>` : nothing}${folder
      ? html`<span title=${folder}>${folder.split(/[\\/]/).at(-1)}</span>` : nothing}${version
      ? html`<span>${version}</span>` : nothing}<span class=${state.problem ? 'pulse off' : 'pulse'} title=${state.problem ? 'no answer' : 'updated every 2 seconds'}></span></p>`;
}

function trouble() {
  const { status, message } = state.problem ?? {};
  if (status == null) {
    return nothing;
  }
  return html`<p><b>${status === 401 ? 'Not signed in.' : status === 0 ? 'No connection.' : status === 503 ? 'The database is away.' : 'Error.'}</b>
    ${status === 401 ? html`Open the link that <code>keyset-sync console</code> prints.` : message}
    ${status === 401 ? nothing : html`<span class="muted">${state.streams ? 'What is shown may be old. ' : ''}The page tries again every 2 seconds.</span>`}</p>`;
}

function title() {
  if (route.view === 'stream') {
    const status = state.streams?.find(each => each.stream === route.stream)?.status;
    return route.stream + (status ? ': ' + status : '') + ' – keyset-sync';
  }
  const failed = state.streams?.filter(each => each.status === 'failed').length;
  return (failed ? failed + ' failed – ' : '') + 'keyset-sync';
}

/** Says what has changed, of the stream that is open, or of any that fails. */
function announce() {
  const now = new Map(state.streams?.map(each => [each.stream, each.status]));
  const news = [...now].filter(([name, status]) => before.has(name) && before.get(name) !== status
    && (route.view === 'stream' ? route.stream === name : known(status) === 'failed'));
  before = now;
  if (news.length) {
    say(news.length > 3 ? news.length + ' streams failed' : news.map(([name, status]) => name + ': ' + status).join(', '));
  }
}

addEventListener('hashchange', () => {
  const from = route;
  route = read(location.hash);
  const same = from.view === route.view && from.stream === route.stream;
  if (same && from.tab === route.tab) {
    paint();
  } else {
    paint();
    open(route);
  }
  if (route.view === 'streams') {
    listAt.hash = write(route);
  }
  if (!same) {
    arrive(from);
  }
});

/** Puts the focus on what is new; back in the list, on the stream that one comes from, at the same height. */
function arrive(from) {
  if (route.view === 'streams') {
    scrollTo(0, listAt.scroll);
    paint();
    const row = [...main.querySelectorAll('tr[data-stream]')].find(each => each.dataset.stream === from.stream);
    (row?.querySelector('a') ?? main.querySelector('h1'))?.focus({ preventScroll: true });
  } else {
    scrollTo(0, 0);
    main.querySelector('h1')?.focus({ preventScroll: true });
  }
}

/** The list has only the rows in sight. */
function inSight() {
  if (route.view === 'streams') {
    listAt.scroll = scrollY;
    paint();
  }
}

addEventListener('scroll', inSight, { passive: true });
addEventListener('resize', inSight);

addEventListener('keydown', event => {
  const typing = /^(input|textarea|select)$/i.test(event.target.localName);
  const search = document.getElementById('search');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && search && !document.querySelector('dialog[open]')) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === 'Escape' && event.target === search && search.value) {
    event.preventDefault();
    search.value = '';
    search.dispatchEvent(new Event('input'));
  }
});

onChange(paint);
main.replaceChildren(); // what is said without JavaScript
paint();
open(route);
