import { html, type Html } from '../shared/html.ts';
import type { Look } from './look.ts';
import { page } from './page.ts';
import type { PageLanguage } from './page-language.ts';

/**
 * Why there is nothing to do on a page. invalid: this service did not make the link, or it was changed. away: the
 * service cannot act now. gone: nothing is kept of what the link stands for.
 */
export type MessageKind = 'invalid' | 'away' | 'gone';

const WORDS: Readonly<Record<PageLanguage, Readonly<Record<MessageKind, { heading: string; text: string }>>>> = {
  en: {
    invalid: {
      heading: 'This link does not work',
      text: 'It may have been cut off on its way. Please open it once more from the message, or answer the message and tell us what you no longer want to receive.',
    },
    away: {
      heading: 'Please try again in a moment',
      text: 'We could not record your choice just now, and nothing has been changed. Reload this page in a minute: the link stays good.',
    },
    gone: {
      heading: 'There is nothing here any more',
      text: 'What this link led to has been deleted. There is nothing you need to do.',
    },
  },
  fr: {
    invalid: {
      heading: 'Ce lien ne fonctionne pas',
      text: 'Il a peut-être été coupé en chemin. Rouvrez-le depuis le message, ou répondez au message en nous disant ce que vous ne voulez plus recevoir.',
    },
    away: {
      heading: 'Réessayez dans un instant',
      text: 'Nous n’avons pas pu enregistrer votre choix, et rien n’a changé. Rechargez cette page dans une minute : le lien reste valable.',
    },
    gone: {
      heading: 'Il n’y a plus rien ici',
      text: 'Ce à quoi ce lien menait a été supprimé. Vous n’avez rien à faire.',
    },
  },
};

/** A page without a button. */
export function messagePage(language: PageLanguage, kind: MessageKind, look: Look): Html {
  const { heading, text } = WORDS[language][kind];
  return page(
    { language, look, title: heading },
    html`<h1>${heading}</h1>
      <p>${text}</p>`,
  );
}
