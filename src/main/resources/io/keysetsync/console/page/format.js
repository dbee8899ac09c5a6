/** Numbers, durations and times as people read them. */
import { html } from '../lib/lit-html/lit-html.js';
import { now } from './api.js';

const WHOLE = new Intl.NumberFormat('en');
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;

export const number = value => (typeof value === 'number' ? WHOLE.format(value) : value ?? '–');

export const compact = value => COMPACT.format(value);

export const count = (value, noun) => number(value) + ' ' + noun + (value === 1 ? '' : 's');

/** A duration in the one or two units that matter. */
export function duration(ms) {
  if (ms == null || Number.isNaN(ms)) return '–';
  if (ms < SECOND) return Math.round(ms) + ' ms';
  if (ms < 10 * SECOND) return (ms / SECOND).toFixed(1) + ' s';
  if (ms < MINUTE) return Math.round(ms / SECOND) + ' s';
  if (ms < HOUR) return units(ms, MINUTE, 'min', SECOND, 's');
  if (ms < DAY) return units(ms, HOUR, 'h', MINUTE, 'min');
  return units(ms, DAY, 'd', HOUR, 'h');
}

function units(ms, large, largeName, small, smallName) {
  const whole = Math.floor(ms / large);
  const rest = Math.floor((ms % large) / small);
  return whole + ' ' + largeName + (rest && whole < 30 ? ' ' + rest + ' ' + smallName : '');
}

/** A duration in one unit, which changes seldom enough to stay calm. */
function rough(ms) {
  if (ms < MINUTE) return Math.floor(ms / SECOND) + ' s';
  if (ms < HOUR) return Math.floor(ms / MINUTE) + ' min';
  if (ms < DAY) return Math.floor(ms / HOUR) + ' h';
  return number(Math.floor(ms / DAY)) + ' d';
}

/** How long ago, or in how long. */
export function relative(iso) {
  const distance = Date.parse(iso) - now();
  if (Number.isNaN(distance)) return iso;
  if (Math.abs(distance) < SECOND) return 'now';
  return distance > 0 ? 'in ' + rough(distance) : rough(-distance) + ' ago';
}

/** The exact time: 2026-11-27 19:36:58.123 UTC. */
export function exact(iso) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : time.toISOString().replace('T', ' ').replace(/(\.000)?Z$/, ' UTC');
}

/** A time as a distance from now, and exact where the pointer rests. */
export const time = (iso, otherwise = '–') =>
  iso ? html`<time datetime=${iso} title=${exact(iso)}>${relative(iso)}</time>` : otherwise;

/** How long a run took, or has taken so far. */
export function took(run) {
  return run?.started_at ? (run.ended_at ? Date.parse(run.ended_at) : now()) - Date.parse(run.started_at) : null;
}

/** Records per second of a run; null if it had none, or no time. */
export function rate(run) {
  const ms = took(run);
  return ms > 0 && run.records > 0 ? run.records / (ms / 1000) : null;
}

export const lag = seconds => (seconds == null ? '–' : seconds < 60 ? roughLag(seconds) : duration(seconds * SECOND));

export const roughLag = seconds => (seconds == null ? '–' : rough(Math.max(0, seconds) * SECOND));

/** An error beside the name of its stream, which it begins with. */
export const brief = (error, stream) => (error ?? '').replace(`stream ${stream}: `, '');
