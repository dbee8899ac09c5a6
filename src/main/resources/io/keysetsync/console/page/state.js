/** What the page knows, and how it comes to know more. */
import { ApiError, get, getRows, streamPath } from './api.js';

const EVERY = 2000;
const MOST_ENTRIES = 500;

/** The newest answers; those of the last update stay until the next one, so that nothing flickers. */
export const state = {
  streams: null,
  program: null,
  problem: null, // an ApiError: the program or its database doesn't answer
  details: new Map(), // of the view that is open, and of those before
  waiting: new Set(), // what was asked for by a click, and isn't answered yet
  history: new Map(), // stream: its latest runs, for the list
};

let paint = () => {};
let route = { view: 'streams' };
let timer = null;
let round = 0;

/** Calls back after each change. */
export const onChange = callback => (paint = callback);

export const changed = () => paint();

/** What the view needs besides the streams: a key, and how to ask. */
function detailOf({ view, stream, tab }) {
  if (view === 'quarantine') {
    return { key: 'quarantine', ask: () => get('quarantine', { limit: MOST_ENTRIES }) };
  }
  if (view !== 'stream') {
    return null;
  }
  const key = stream + '\n' + tab;
  switch (tab) {
    case 'rows':
      return { key, ask: () => getRows(stream) };
    case 'quarantine':
      return { key, ask: () => get('quarantine', { stream, limit: MOST_ENTRIES }) };
    default:
      return { key, ask: () => get(streamPath(stream, 'runs'), { limit: 50 }) };
  }
}

/** The newest answer about a view: its data, its error, or neither yet. */
export const detail = view => state.details.get(detailOf(view)?.key) ?? {};

export const stream = name => state.streams?.find(each => each.stream === name);

/** Shows another view, and asks for it at once. */
export function open(next) {
  route = next;
  return refresh();
}

/** Asks for everything that is shown; again every two seconds while the page is visible. */
export async function refresh() {
  clearTimeout(timer);
  const mine = ++round;
  const wanted = detailOf(route);
  const [streams, data] = await Promise.allSettled([get('streams'), wanted?.ask()]);
  if (mine !== round) {
    return; // a later question is under way
  }
  if (streams.status === 'fulfilled') {
    state.streams = streams.value;
    state.problem = null;
  } else {
    state.problem = problem(streams.reason);
  }
  if (wanted && data.status === 'fulfilled') {
    state.details.set(wanted.key, { data: data.value });
  } else if (wanted && !state.problem) {
    state.details.set(wanted.key, { ...state.details.get(wanted.key), error: problem(data.reason) });
  }
  if (!state.program && !state.problem) {
    state.program = {};
    get('program').then(program => (state.program = program ?? {}), () => {});
  }
  paint();
  if (!document.hidden) {
    timer = setTimeout(refresh, EVERY);
  }
}

const problem = reason => (reason instanceof ApiError ? reason : new ApiError(0, String(reason)));

document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : refresh()));
