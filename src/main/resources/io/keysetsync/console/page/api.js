/** Requests to the program that serves this page. */

/** An answer that is an error, or none: status 0. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** How far the program's clock is ahead of this browser's, in milliseconds. */
let ahead = 0;

/** The time by the program's clock. */
export const now = () => Date.now() + ahead;

const PATIENCE = 15_000;

async function ask(path, options, reviver) {
  let answer, text;
  try {
    answer = await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE), cache: 'no-cache' });
    text = await answer.text();
  } catch {
    throw new ApiError(0, 'The program does not answer. Is it running?');
  }
  const date = Date.parse(answer.headers.get('date') ?? '');
  if (Math.abs(date - now()) > 2000) { // the header has whole seconds
    ahead = date - Date.now();
  }
  const body = parse(text, reviver);
  if (!answer.ok) {
    throw new ApiError(answer.status, body?.error ?? 'HTTP ' + answer.status + ' ' + answer.statusText);
  }
  return body;
}

/** The digits of a number that JavaScript would write in another way. */
export class Digits {
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }

  toJSON() {
    return JSON.rawJSON(this.text);
  }
}

const everyDigit = (key, value, context) =>
  typeof value === 'number' && context && String(value) !== context.source ? new Digits(context.source) : value;

function parse(text, reviver) {
  try {
    return JSON.parse(text, reviver);
  } catch {
    return null;
  }
}

export const get = (path, parameters = {}, reviver = undefined) => {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value != null)).toString();
  return ask('api/' + path + (query && '?' + query), {}, reviver);
};

/** Rows as the table has them. */
export const getRows = stream => get(streamPath(stream, 'rows'), { limit: 20 }, everyDigit);

export const post = (path, body = {}) =>
  ask('api/' + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'keyset-sync' },
    body: JSON.stringify(body),
  });

/** The path of a stream, whose name may have any character. */
export const streamPath = (name, ...rest) => ['streams', encodeURIComponent(name), ...rest].join('/');
