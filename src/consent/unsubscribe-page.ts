import { page, type Look, type PageLanguage } from '../pages/index.ts';
import { html, Html } from '../shared/html.ts';

/** About a purpose, by its label, on a channel. */
type Sentence = (what: string, by: string) => string;

interface Words {
  /** How the channel is named in a sentence. */
  by: Readonly<Record<string, string>>;
  asking: { heading: (what: string) => string; text: Sentence; button: string; note: string };
  done: { heading: string; text: Sentence; note: string };
  already: { heading: string; text: Sentence };
  /** How to get back. */
  back: string;
}

const WORDS: Readonly<Record<PageLanguage, Words>> = {
  en: {
    by: { email: ' by email', sms: ' by text message' },
    asking: {
      heading: (what) => `Unsubscribe from “${what}”?`,
      text: (what, by) =>
        `We will stop sending you “${what}”${by}, from that moment on. The other messages you have from us stay as they are.`,
      button: 'Unsubscribe',
      note: 'Here by mistake? Just close this page: nothing will have changed.',
    },
    done: {
      heading: 'You are unsubscribed',
      text: (what, by) => `We will not send you “${what}”${by} any more. There is nothing else you need to do.`,
      note: 'A message that had already left may still arrive.',
    },
    already: {
      heading: 'You are already unsubscribed',
      text: (what, by) => `We do not send you “${what}”${by}. There is nothing you need to do.`,
    },
    back: 'Changed your mind? You are welcome back at any time: sign up again the way you did the first time.',
  },
  fr: {
    by: { email: ' par e-mail', sms: ' par SMS' },
    asking: {
      heading: (what) => `Se désinscrire de « ${what} » ?`,
      text: (what, by) =>
        `Dès cet instant, nous ne vous enverrons plus « ${what} »${by}. Les autres messages que vous recevez de nous ne changent pas.`,
      button: 'Me désinscrire',
      note: 'Vous êtes ici par erreur ? Fermez simplement cette page : rien n’aura changé.',
    },
    done: {
      heading: 'Votre désinscription est faite',
      text: (what, by) => `Nous ne vous enverrons plus « ${what} »${by}. Vous n’avez rien d’autre à faire.`,
      note: 'Un message déjà parti peut encore vous parvenir.',
    },
    already: {
      heading: 'Votre désinscription est déjà faite',
      text: (what, by) => `Nous ne vous envoyons plus « ${what} »${by}. Vous n’avez rien à faire.`,
    },
    back: 'Vous changez d’avis ? Revenez quand vous voulez : il suffit de vous réinscrire comme la première fois.',
  },
};

export interface UnsubscribePage {
  language: PageLanguage;
  look: Look;
  /** Label of the purpose. */
  purpose: string;
  channel: string;
  state: 'asking' | 'done' | 'already';
}

/** The page behind an unsubscribe link: it asks, and only its button (a POST) changes anything (rule C5). */
export function unsubscribePage({ language, look, purpose, channel, state }: UnsubscribePage): Html {
  const { by: channels, asking, done, already, back } = WORDS[language];
  const by = Object.hasOwn(channels, channel) ? channels[channel]! : '';
  if (state === 'asking') {
    const heading = asking.heading(purpose);
    return page(
      { language, look, title: heading },
      html`<h1>${heading}</h1>
        <p>${asking.text(purpose, by)}</p>
        <form method="post"><button type="submit">${asking.button}</button></form>
        <p class="note">${asking.note}</p>`,
    );
  }
  const { heading, text } = state === 'done' ? done : already;
  return page(
    { language, look, title: heading },
    html`${TICK}
      <h1>${heading}</h1>
      <p>${text(purpose, by)}</p>
      ${state === 'done' && html`<p class="note">${done.note}</p>`}
      <p class="note">${back}</p>`,
  );
}

/** A word that is done. */
export const TICK = new Html(
  '<svg class="tick" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true"><circle cx="24" cy="24" r="24"/><path d="m14.5 24.5 6.5 6.5 12.5-14"/></svg>',
);
