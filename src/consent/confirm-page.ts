import { page, type Look, type PageLanguage } from '../pages/index.ts';
import { html, type Html } from '../shared/html.ts';
import type { RequestStanding } from './double-opt-in.ts';
import { TICK } from './unsubscribe-page.ts';

interface Words {
  quoted: (label: string) => string;
  asking: {
    heading: (what: string) => string;
    several: string;
    text: (what: string) => string;
    button: string;
    note: string;
  };
  confirmed: { heading: string; text: (what: string) => string; note: string };
  expired: { heading: string; text: string; again: string };
  takenBack: { heading: string; text: (what: string) => string; again: string };
}

const WORDS: Readonly<Record<PageLanguage, Words>> = {
  en: {
    quoted: (label) => `“${label}”`,
    asking: {
      heading: (what) => `Confirm ${what}?`,
      several: 'Confirm your request?',
      text: (what) =>
        `Somebody asked for ${what} at this email address. If it was you, please confirm: until you do, we send nothing of it.`,
      button: 'Yes, confirm',
      note: 'It was not you? Just close this page: nothing will be sent, and the request is forgotten by itself.',
    },
    confirmed: {
      heading: 'Thank you, it is confirmed',
      text: (what) => `You have agreed to receive ${what} by email. There is nothing else you need to do.`,
      note: 'You can take this back at any time, with the link at the end of every message.',
    },
    expired: {
      heading: 'This link is no longer good',
      text: 'The time to confirm is over, or a newer message has taken its place. Nothing was changed, and nothing will be sent because of it.',
      again:
        'Would you still like to? Sign up once more the way you did the first time, and confirm from the new message.',
    },
    takenBack: {
      heading: 'You have said no since',
      text: (what) =>
        `After this message was sent, you chose not to receive ${what}. That counts, and this link does not change it.`,
      again: 'Changed your mind? Sign up once more the way you did the first time.',
    },
  },
  fr: {
    quoted: (label) => `« ${label} »`,
    asking: {
      heading: (what) => `Confirmer ${what} ?`,
      several: 'Confirmer votre demande ?',
      text: (what) =>
        `Quelqu’un a demandé à recevoir ${what} à cette adresse e-mail. Si c’était vous, confirmez-le : d’ici là, nous n’envoyons rien.`,
      button: 'Oui, je confirme',
      note: 'Ce n’était pas vous ? Fermez simplement cette page : rien ne sera envoyé, et la demande s’efface d’elle-même.',
    },
    confirmed: {
      heading: 'Merci, c’est confirmé',
      text: (what) => `Vous avez accepté de recevoir ${what} par e-mail. Vous n’avez rien d’autre à faire.`,
      note: 'Vous pouvez revenir sur ce choix à tout moment, par le lien au bas de chaque message.',
    },
    expired: {
      heading: 'Ce lien n’est plus valable',
      text: 'Le délai pour confirmer est passé, ou un message plus récent l’a remplacé. Rien n’a changé, et rien ne sera envoyé à cause de ce lien.',
      again:
        'Vous le souhaitez toujours ? Inscrivez-vous de nouveau comme la première fois, puis confirmez depuis le nouveau message.',
    },
    takenBack: {
      heading: 'Vous avez dit non depuis',
      text: (what) =>
        `Après l’envoi de ce message, vous avez choisi de ne pas recevoir ${what}. Ce choix compte, et ce lien n’y change rien.`,
      again: 'Vous changez d’avis ? Inscrivez-vous de nouveau comme la première fois.',
    },
  },
};

export interface ConfirmPage {
  language: PageLanguage;
  look: Look;
  /** Labels of the purposes it is about. */
  purposes: readonly string[];
  standing: RequestStanding;
}

/** The page behind a link that confirms: it asks, and only its button (a POST) changes anything (rules C4, C5). */
export function confirmPage({ language, look, purposes, standing }: ConfirmPage): Html {
  const { quoted, asking, confirmed, expired, takenBack } = WORDS[language];
  const what = new Intl.ListFormat(language).format(purposes.map(quoted));
  switch (standing) {
    case 'open': {
      const heading = purposes.length === 1 ? asking.heading(what) : asking.several;
      return page(
        { language, look, title: heading },
        html`<h1>${heading}</h1>
          <p>${asking.text(what)}</p>
          <form method="post"><button type="submit">${asking.button}</button></form>
          <p class="note">${asking.note}</p>`,
      );
    }
    case 'confirmed':
      return page(
        { language, look, title: confirmed.heading },
        html`${TICK}
          <h1>${confirmed.heading}</h1>
          <p>${confirmed.text(what)}</p>
          <p class="note">${confirmed.note}</p>`,
      );
    case 'expired':
      return over({ language, look, heading: expired.heading, text: expired.text, again: expired.again });
    case 'taken-back':
      return over({ language, look, ...takenBack, text: takenBack.text(what) });
  }
}

function over(words: { language: PageLanguage; look: Look; heading: string; text: string; again: string }): Html {
  const { language, look, heading, text, again } = words;
  return page(
    { language, look, title: heading },
    html`<h1>${heading}</h1>
      <p>${text}</p>
      <p class="note">${again}</p>`,
  );
}
