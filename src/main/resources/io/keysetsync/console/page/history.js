/** Fetches the latest runs of those streams of the list that are in view, and again after each run. */
import { directive, Directive } from '../lib/lit-html/directive.js';
import { noChange } from '../lib/lit-html/lit-html.js';
import { get, streamPath } from './api.js';
import { changed, state, stream } from './state.js';

const MOST_RUNS = 20;
const AT_A_TIME = 3;

const names = new WeakMap(); // element: its stream
const inView = new Set();
let asking = 0;

const observer = new IntersectionObserver(entries => {
  entries.forEach(({ target, isIntersecting }) => (isIntersecting ? inView.add(target) : inView.delete(target)));
  ask();
}, { rootMargin: '100px' });

class Watch extends Directive {
  update({ element }, [each]) {
    if (!names.has(element)) {
      observer.observe(element);
    }
    names.set(element, each.stream);
    return noChange;
  }
}

/** Marks the element in whose place a stream's runs are shown. */
export const watch = directive(Watch);

const version = each => (each?.last_run ? each.last_run.run_id + ' ' + each.last_run.ended_at : 'none');

/** Asks for what is in view and out of date. */
export function ask() {
  for (const element of inView) {
    if (!element.isConnected) {
      inView.delete(element);
      continue;
    }
    const name = names.get(element);
    const wanted = version(stream(name));
    const has = state.history.get(name);
    if (wanted === 'none' || has?.version === wanted || has?.asking) {
      continue;
    }
    if (asking >= AT_A_TIME) {
      return;
    }
    fetchRuns(name, wanted, has);
  }
}

async function fetchRuns(name, wanted, has) {
  asking++;
  state.history.set(name, { ...has, asking: true });
  try {
    state.history.set(name, { version: wanted, runs: await get(streamPath(name, 'runs'), { limit: MOST_RUNS }) });
  } catch {
    state.history.set(name, { ...has, version: wanted }); // the next run is another occasion
  }
  asking--;
  changed();
  ask();
}
