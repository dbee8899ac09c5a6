/** A figure of each run over time, drawn by uPlot. */
import { html } from '../lib/lit-html/lit-html.js';
import { directive, Directive } from '../lib/lit-html/directive.js';
import { noChange } from '../lib/lit-html/lit-html.js';
import uPlot from '../lib/uplot/uPlot.js';
import { exact } from './format.js';

const HEIGHT = 150;
const dark = matchMedia('(prefers-color-scheme: dark)');
const drawn = new Set();

dark.addEventListener('change', () => {
  forget();
  [...drawn].forEach(chart => chart.renew());
});

/** Forgets the charts of elements that are no longer on the page. */
const forget = () => drawn.forEach(chart => chart.element.isConnected || drawn.delete(chart));

/**
 * A panel with a plot, and the value under the pointer, or the newest.
 *
 * @param steps the distances that the marks of the upright axis may have; uPlot's own if they are left out
 */
export function plot(title, runs, value, text, steps) {
  const points = [...runs].reverse().map(run => [Date.parse(run.started_at) / 1000, value(run)]).filter(point => point[1] != null);
  const last = points.at(-1);
  const most = points.length ? Math.max(...points.map(point => point[1])) : null;
  return html`<section class="panel" aria-label=${title}>
    <div class="panelhead"><h2>${title}</h2><output class="readout"></output></div>
    <div class="plot" role="img" aria-label="${title} of ${points.length} runs${last ? `, the newest ${text(last[1])}, at most ${text(most)}` : ''}"
      ${draw(points, text, steps)}></div></section>`;
}

class Chart {
  constructor(element, steps) {
    this.element = element;
    this.steps = steps;
    this.readout = element.parentElement.querySelector('.readout');
    new ResizeObserver(() => this.resize()).observe(element);
  }

  show(points, text) {
    const data = [points.map(point => point[0]), points.map(point => point[1])];
    this.text = text;
    this.stored = data;
    if (!this.chart) {
      forget();
      this.renew();
    } else if (JSON.stringify(data) !== JSON.stringify(this.chart.data)) {
      this.chart.setData(data);
    }
    this.tell();
  }

  /** Makes the chart again, in the colours that hold now. */
  renew() {
    this.chart?.destroy();
    drawn.add(this);
    const style = getComputedStyle(this.element);
    const line = style.getPropertyValue('color');
    const axis = { stroke: style.outlineColor, grid: { stroke: style.borderTopColor, width: 1 }, ticks: { show: false }, font: '11px system-ui, sans-serif' };
    this.chart = new uPlot({
      width: this.element.clientWidth || 300,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
      scales: { y: { range: (chart, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
      series: [{}, { stroke: line, width: 1.5, fill: style.caretColor, points: { size: 4, fill: line } }],
      axes: [
        { ...axis, size: 28, space: 70, values: times },
        { ...axis, size: 60, space: 34, incrs: this.steps, values: (chart, values) => values.map(value => this.text(value)) },
      ],
      hooks: { setCursor: [() => this.tell()] },
    }, this.stored, this.element);
  }

  resize() {
    const width = this.element.clientWidth;
    if (this.chart && width && width !== this.chart.width) {
      this.chart.setSize({ width, height: HEIGHT });
    }
  }

  tell() {
    const at = this.chart?.cursor.idx;
    const [times, values] = this.stored;
    const value = at == null ? values.at(-1) : values[at];
    const when = at == null ? '' : exact(new Date(times[at] * 1000).toISOString()) + '  ';
    this.readout.textContent = value == null ? 'no run with records yet' : when + this.text(value);
  }
}

const two = value => String(value).padStart(2, '0');

/** Marks of the time axis in UTC: hours, and the day where it changes. */
function times(chart, marks, axis, space, step) {
  let before = null;
  return marks.map(mark => {
    const at = new Date(mark * 1000);
    const day = at.toISOString().slice(5, 10);
    const clock = two(at.getUTCHours()) + ':' + two(at.getUTCMinutes()) + (step < 60 ? ':' + two(at.getUTCSeconds()) : '');
    const text = step >= 86400 ? day : before && before !== day ? day + ' ' + clock : clock;
    before = day;
    return text;
  });
}

class Draw extends Directive {
  update({ element }, [points, text, steps]) {
    queueMicrotask(() => { // once the element is on the page
      this.chart ??= new Chart(element, steps);
      this.chart.show(points, text);
    });
    return noChange;
  }
}

const draw = directive(Draw);
