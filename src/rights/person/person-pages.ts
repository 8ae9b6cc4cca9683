import { page, type Look, type PageLanguage } from '../../pages/index.ts';
import { html, type Html } from '../../shared/html.ts';
import type { PersonRow } from '../sql/person.ts';
import { WORDS, type Words } from './words.ts';

/** Traits that a person corrects on their own page. */
export const CORRECTED = ['firstName', 'lastName', 'birthday', 'country'] as const;

const STYLE = `
section { margin: 0 0 1.75rem; padding: 0 0 .5rem; border-bottom: 1px solid var(--line); }
section form { margin: 1rem 0; }
label { display: block; margin: 0 0 .35rem; font-weight: 600; }
input { width: 100%; min-height: 3rem; margin: 0 0 1rem; padding: .5rem .75rem; border: 1px solid var(--field); border-radius: .6rem; background: var(--card); color: var(--ink); font: inherit; }
.wrong { padding-left: .75rem; border-left: 4px solid var(--accent); }
`;

interface Shown {
  language: PageLanguage;
  look: Look;
}

/** Where anybody asks for their link. */
export function askPage({ language, look }: Shown): Html {
  const { heading, text, label, button } = WORDS[language].ask;
  return page(
    { language, look, title: heading, foot: null, style: STYLE },
    html`<h1>${heading}</h1>
      <p>${text}</p>
      <form method="post" action="r">
        <label for="email">${label}</label>
        <input id="email" name="email" type="email" autocomplete="email" required maxlength="320" />
        <button type="submit">${button}</button>
      </form>`,
  );
}

/** The one answer to whoever asks, known or not. */
export function askedPage({ language, look }: Shown): Html {
  const { heading, text } = WORDS[language].asked;
  return page(
    { language, look, title: heading, foot: null },
    html`<h1>${heading}</h1>
      <p>${text}</p>`,
  );
}

export function expiredPage({ language, look }: Shown): Html {
  const { heading, text, again } = WORDS[language].expired;
  return page(
    { language, look, title: heading, foot: null },
    html`<h1>${heading}</h1>
      <p>${text}</p>
      <p><a href="../r">${again}</a></p>`,
  );
}

/** What a person can do about their data. `wrong`: what could not be saved, as it was written. */
export function homePage(
  { language, look }: Shown,
  token: string,
  person: PersonRow,
  wrong: readonly string[] = [],
): Html {
  const { home, wrong: cannot } = WORDS[language];
  const form = (what: string, button: string, quiet = true): Html =>
    html`<form method="post" action="${token}/${what}">
      <button type="submit" class="${quiet ? 'quiet' : 'main'}">${button}</button>
    </form>`;
  const toggle = (words: Words['home']['object'], isOn: boolean, on: string, off: string): Html =>
    html`<section>
      <h2>${words.heading}</h2>
      <p>${isOn ? words.already : words.text}</p>
      ${isOn ? form(off, words.back) : form(on, words.button)}
    </section>`;
  const field = (name: (typeof CORRECTED)[number]): Html =>
    html`<label for="${name}">${home.correct.fields[name]}</label>
      <input id="${name}" name="${name}" value="${person[name] ?? ''}" maxlength="200" />`;
  return page(
    { language, look, title: home.heading, foot: null, wide: true, style: STYLE },
    html`<h1>${home.heading}</h1>
      <p>${home.about(person.email ?? person.userId)}</p>
      <section>
        <h2>${home.copy.heading}</h2>
        <p>${home.copy.text}</p>
        ${form('copy', home.copy.button, false)}
      </section>
      <section>
        <h2>${home.correct.heading}</h2>
        <p>${home.correct.text}</p>
        ${wrong.length > 0 && html`<p class="wrong" role="alert">${cannot} ${wrong.join('; ')}</p>`}
        <form method="post" action="${token}/correct">
          ${CORRECTED.map(field)}<button type="submit" class="quiet">${home.correct.button}</button>
        </form>
      </section>
      ${toggle(home.object, person.objects, 'object', 'take-back')}
      ${toggle(home.restrict, person.restricted, 'restrict', 'lift')}
      <section>
        <h2>${home.erase.heading}</h2>
        <p>${home.erase.text}</p>
        ${form('erase', home.erase.button)}
      </section>`,
  );
}

/** Asked once more: what is erased cannot be brought back. */
export function eraseNowPage({ language, look }: Shown, token: string): Html {
  const { heading, text, button, no } = WORDS[language].erase;
  return page(
    { language, look, title: heading, foot: null },
    html`<h1>${heading}</h1>
      <p>${text}</p>
      <form method="post" action="../${token}/erase">
        <button type="submit" name="confirm" value="yes">${button}</button>
      </form>
      <p><a href="../${token}">${no}</a></p>`,
  );
}

export function donePage({ language, look }: Shown, token: string, what: keyof Words['done']): Html {
  const { heading, text } = WORDS[language].done[what];
  return page(
    { language, look, title: heading, foot: null },
    html`<h1>${heading}</h1>
      <p>${text}</p>
      ${what !== 'erase' && html`<p><a href="../${token}">${WORDS[language].back}</a></p>`}`,
  );
}
