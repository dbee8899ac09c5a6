/** The page's one dialog. Updates of the page leave it alone; Esc closes it, and the focus goes back to where it was. */
import { html, nothing, render } from '../lib/lit-html/lit-html.js';

const dialog = document.getElementById('dialog');
let back = null;

dialog.addEventListener('close', () => {
  render(nothing, dialog);
  back?.isConnected && back.focus();
});

/**
 * Opens the dialog.
 *
 * @param content makes what is between the title and the buttons
 * @param ready whether the action can be done now
 * @return draws the dialog again
 */
export function confirm({ title, text, content = () => nothing, action, danger, ready = () => true, then }) {
  const submit = event => {
    event.preventDefault();
    if (ready()) {
      dialog.close();
      then();
    }
  };
  const draw = () => render(html`<form method="dialog" @submit=${submit}>
    <h2 id="dialog-title">${title}</h2>
    ${text ? html`<p>${text}</p>` : nothing}${content()}
    <div class="buttons"><button type="button" class="cancel" ?autofocus=${danger} @click=${() => dialog.close()}>Cancel</button>
      <button type="submit" class=${danger ? 'danger solid' : 'solid'} ?disabled=${!ready()}>${action}</button></div></form>`, dialog);
  back = document.activeElement;
  draw();
  dialog.showModal();
  return draw;
}
