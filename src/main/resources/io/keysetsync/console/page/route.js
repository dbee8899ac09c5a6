/** What the part of the address behind # says: which view, of what. */

export function read(hash) {
  const [path, query] = hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(decode);
  if (parts[0] === 'streams' && parts[1]) {
    const tab = ['runs', 'rows', 'quarantine'].includes(parts[2]) ? parts[2] : 'runs';
    return { view: 'stream', stream: parts[1], tab, id: parts[3], ...parameters(query) };
  }
  return parts[0] === 'quarantine' ? { view: 'quarantine', id: parts[1], ...parameters(query) } : { view: 'streams', ...parameters(query) };
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function parameters(query) {
  const { q, status, sort } = Object.fromEntries(new URLSearchParams(query));
  return { q, status, sort };
}

export function write({ view, stream, tab, id, ...rest }) {
  const path = view === 'stream' ? ['streams', stream, tab, id] : view === 'quarantine' ? ['quarantine', id] : [];
  const query = new URLSearchParams(Object.entries(rest).filter(([, value]) => value)).toString();
  return '#/' + path.filter(Boolean).map(encodeURIComponent).join('/') + (query && '?' + query);
}

export const toStream = (stream, tab, id) => write({ view: 'stream', stream, tab, id });

/** Changes the address without a step in the browser's history. */
export function replace(route) {
  history.replaceState(null, '', write(route));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
