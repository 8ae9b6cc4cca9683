import { html, type Html, type HtmlValue } from '../../../shared/html.ts';

export interface Row {
  /** Of the row. */
  title: HtmlValue;
  cells: readonly HtmlValue[];
  /** Of a bar under the title, 0 to 1. */
  share?: number;
  tone?: 'good' | 'bad' | 'wait' | 'soft';
  /** A part of the row above. */
  inner?: boolean;
}

/** A table with its name, in a card that scrolls by itself where it is too wide. The first column names the row. */
export function table(name: string, head: readonly string[], rows: readonly Row[]): Html {
  return html`<div class="card wide" tabindex="0" role="group" aria-label="${name}">
    <table>
      <thead>
        <tr>
          ${head.map((title) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ title, cells, share, tone, inner }) =>
            html`<tr class="${tone} ${inner === true && 'inner'}">
              <th scope="row">
                ${title}${
                  share !== undefined &&
                  html`<span class="bar"><i style="width:${Math.round(Math.min(1, share) * 1000) / 10}%"></i></span>`
                }
              </th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
