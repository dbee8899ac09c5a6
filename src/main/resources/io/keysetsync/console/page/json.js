/** JSON as it was received, indented token by token, so that every digit and every repeated field is kept. */
import { html } from '../lib/lit-html/lit-html.js';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/gs;
const MOST = 20_000; // tokens that are shown

/** The names of a path: a.b, a['odd.name'].b, a[0] or a.0. */
function names(path) {
  const found = [];
  path.replace(/\['((?:[^']|'')*)'\]|\[(\d+)\]|([^.[\]]+)/g, (all, quoted, index, plain) =>
    found.push(quoted?.replaceAll("''", "'") ?? index ?? plain));
  return found;
}

const unquote = token => {
  try {
    return JSON.parse(token);
  } catch {
    return token.slice(1, -1);
  }
};

/** Splits a JSON text into lines of parts {text, kind}; each line knows the path of the value that it begins. */
export function lines(text) {
  const tokens = text.match(TOKEN) ?? [];
  const result = [];
  const open = []; // of each array or object: its kind, and the name or number of the member at hand
  let line = { depth: 0, path: [], parts: [] };
  const end = () => {
    if (line.parts.length) result.push(line);
    line = { depth: open.length, path: open.map(each => each.at), parts: [] };
  };
  const add = (token, kind) => line.parts.push({ text: token, kind });
  tokens.slice(0, MOST).forEach((token, i) => {
    const inner = open.at(-1);
    if (token === '{' || token === '[') {
      add(token, 'mark');
      const empty = tokens[i + 1] === (token === '{' ? '}' : ']');
      open.push({ array: token === '[', at: token === '[' ? 0 : null, empty });
      if (!empty) end();
    } else if (token === '}' || token === ']') {
      const closed = open.pop();
      if (!closed?.empty) end();
      add(token, 'mark');
    } else if (token === ',') {
      add(token, 'mark');
      if (inner?.array) inner.at++;
      end();
    } else if (token === ':') {
      add(': ', 'mark');
    } else if (token[0] === '"' && tokens[i + 1] === ':' && inner && !inner.array) {
      inner.at = unquote(token);
      line.path = open.map(each => each.at);
      add(token, 'key');
    } else {
      add(token, token[0] === '"' ? 'string' : /[-\d]/.test(token[0]) ? 'number' : 'word');
    }
  });
  end();
  return { lines: result, cut: tokens.length > MOST };
}

const begins = (path, start) => start.length > 0 && start.every((name, i) => String(path[i]) === String(name));

/** A record, with the lines of a field marked; says so if the record lacks that field. */
export function record(text, field) {
  const { lines: all, cut } = lines(text);
  if (!all.length) {
    return html`<pre class="json">${text}</pre>`;
  }
  const whole = field ? [[field], names(field)] : [];
  const wanted = whole.find(path => all.some(line => begins(line.path, path)));
  const marked = line => wanted && begins(line.path, wanted);
  const note = field && !wanted ? html`<p class="missing">The record has no field <code>${field}</code>.</p>` : '';
  return html`${note}<pre class="json" tabindex="0">${all.map(line => {
    const content = html`${'  '.repeat(line.depth)}${line.parts.map(part => html`<span class=${part.kind}>${part.text}</span>`)}${'\n'}`;
    return marked(line) ? html`<mark>${content}</mark>` : content;
  })}${cut ? '…' : ''}</pre>`;
}
