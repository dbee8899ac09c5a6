/** The line at the foot of the page, which screen readers read out. */
import { html, render } from '../lib/lit-html/lit-html.js';
import { icon } from './status.js';

const place = document.getElementById('notice');
const LONG = 6000;
let timer = null;

export function say(text) {
  show(html`<p class="notice">${text}</p>`);
  timer = setTimeout(close, LONG);
}

/** Shows an error until it is closed. */
export function fail(text) {
  show(html`<p class="notice error"><span>${text}</span><button type="button" aria-label="Close" @click=${close}
    >${icon('close')}</button></p>`);
}

function show(what) {
  clearTimeout(timer);
  render(what, place);
}

const close = () => show(html``);
