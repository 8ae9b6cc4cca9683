import type { PageLanguage } from '../../pages/index.ts';

/** What the pages and the mail about one's own data say. */
export interface Words {
  ask: { heading: string; text: string; label: string; button: string };
  asked: { heading: string; text: string };
  expired: { heading: string; text: string; again: string };
  mail: { subject: string; hello: string; text: string; button: string; note: string };
  home: {
    heading: string;
    about: (who: string) => string;
    copy: { heading: string; text: string; button: string };
    correct: {
      heading: string;
      text: string;
      button: string;
      fields: Record<'firstName' | 'lastName' | 'birthday' | 'country', string>;
    };
    object: { heading: string; text: string; button: string; back: string; already: string };
    restrict: { heading: string; text: string; button: string; back: string; already: string };
    erase: { heading: string; text: string; button: string };
  };
  erase: { heading: string; text: string; button: string; no: string };
  done: Record<'correct' | 'object' | 'take-back' | 'restrict' | 'lift' | 'erase', { heading: string; text: string }>;
  back: string;
  wrong: string;
}

export const WORDS: Readonly<Record<PageLanguage, Words>> = {
  en: {
    ask: {
      heading: 'Your data',
      text: 'Write the email address that we know you by. We will send a link to it, with which you can see, correct or erase what we keep of you.',
      label: 'Email address',
      button: 'Send me the link',
    },
    asked: {
      heading: 'Look into your mailbox',
      text: 'If we know this address, a message with a link is on its way. The link works for three days.',
    },
    expired: {
      heading: 'This link has run out',
      text: 'For your safety a link works for three days. Nothing has been changed.',
      again: 'Ask for a new one',
    },
    mail: {
      subject: 'Your data: your link',
      hello: 'Hello,',
      text: 'Somebody, probably you, asked for a link to the data that we keep of you. With it you can download a copy, correct it, object to advertising, have it frozen or erased.',
      button: 'See my data',
      note: 'The link works for three days. If you did not ask for it, you need not do anything.',
    },
    home: {
      heading: 'Your data',
      about: (who) => `What we keep of ${who}. What you ask for here is done at once, and written down.`,
      copy: {
        heading: 'A copy',
        text: 'Everything that we keep of you, as one file (JSON).',
        button: 'Download my data',
      },
      correct: {
        heading: 'Something is wrong',
        text: 'Change what is not right. To change your address, answer one of our messages.',
        button: 'Save',
        fields: {
          firstName: 'First name',
          lastName: 'Last name',
          birthday: 'Birthday (YYYY-MM-DD)',
          country: 'Country (two letters)',
        },
      },
      object: {
        heading: 'No more advertising',
        text: 'We will send you no advertising any more, on any channel, and not use your data for it.',
        button: 'No more advertising',
        back: 'Allow it again',
        already: 'You have asked us for no more advertising.',
      },
      restrict: {
        heading: 'Freeze',
        text: 'We keep your data and do nothing else with it, for instance while something is being cleared up.',
        button: 'Freeze my data',
        back: 'Lift the freeze',
        already: 'Your data is frozen.',
      },
      erase: {
        heading: 'Erase everything',
        text: 'We delete what we keep of you, and do not write to you again.',
        button: 'Erase my data',
      },
    },
    erase: {
      heading: 'Erase all your data?',
      text: 'What we keep of you will be deleted, at once and for ever: what you told us, what you consented to, and what we sent you. We cannot bring it back. Download a copy first, if you want one.',
      button: 'Yes, erase my data',
      no: 'No, go back',
    },
    done: {
      correct: { heading: 'It is corrected', text: 'Thank you. We go by what you wrote from now on.' },
      object: {
        heading: 'No more advertising',
        text: 'We will send you none from now on. What had already left may still arrive.',
      },
      'take-back': { heading: 'Thank you', text: 'You may get advertising again, where you have agreed to it.' },
      restrict: {
        heading: 'Your data is frozen',
        text: 'We keep it, and do nothing else with it until you lift the freeze.',
      },
      lift: { heading: 'The freeze is lifted', text: 'Everything goes on as before.' },
      erase: {
        heading: 'Your data is erased',
        text: 'Nothing is left of it but a mark that keeps us from writing to you again. You need not do anything else.',
      },
    },
    back: 'Back to your data',
    wrong: 'This cannot be saved as it is:',
  },
  fr: {
    ask: {
      heading: 'Vos données',
      text: 'Indiquez l’adresse e-mail que nous connaissons. Nous y enverrons un lien qui vous permet de voir, de corriger ou d’effacer ce que nous conservons sur vous.',
      label: 'Adresse e-mail',
      button: 'Recevoir le lien',
    },
    asked: {
      heading: 'Consultez votre messagerie',
      text: 'Si nous connaissons cette adresse, un message avec un lien est en route. Le lien est valable trois jours.',
    },
    expired: {
      heading: 'Ce lien a expiré',
      text: 'Pour votre sécurité, un lien est valable trois jours. Rien n’a été modifié.',
      again: 'Demander un nouveau lien',
    },
    mail: {
      subject: 'Vos données : votre lien',
      hello: 'Bonjour,',
      text: 'Quelqu’un, sans doute vous, a demandé un lien vers les données que nous conservons sur vous. Il vous permet d’en télécharger une copie, de les corriger, de refuser la publicité, de les faire geler ou effacer.',
      button: 'Voir mes données',
      note: 'Le lien est valable trois jours. Si vous ne l’avez pas demandé, vous n’avez rien à faire.',
    },
    home: {
      heading: 'Vos données',
      about: (who) =>
        `Ce que nous conservons au sujet de ${who}. Ce que vous demandez ici est fait aussitôt, et consigné.`,
      copy: {
        heading: 'Une copie',
        text: 'Tout ce que nous conservons sur vous, dans un seul fichier (JSON).',
        button: 'Télécharger mes données',
      },
      correct: {
        heading: 'Une erreur ?',
        text: 'Modifiez ce qui n’est pas juste. Pour changer d’adresse, répondez à l’un de nos messages.',
        button: 'Enregistrer',
        fields: {
          firstName: 'Prénom',
          lastName: 'Nom',
          birthday: 'Date de naissance (AAAA-MM-JJ)',
          country: 'Pays (deux lettres)',
        },
      },
      object: {
        heading: 'Plus de publicité',
        text: 'Nous ne vous enverrons plus de publicité, sur aucun canal, et n’utiliserons plus vos données à cette fin.',
        button: 'Plus de publicité',
        back: 'L’accepter à nouveau',
        already: 'Vous nous avez demandé de ne plus vous envoyer de publicité.',
      },
      restrict: {
        heading: 'Geler',
        text: 'Nous conservons vos données sans rien en faire d’autre, par exemple le temps qu’un point soit éclairci.',
        button: 'Geler mes données',
        back: 'Lever le gel',
        already: 'Vos données sont gelées.',
      },
      erase: {
        heading: 'Tout effacer',
        text: 'Nous supprimons ce que nous conservons sur vous, et ne vous écrivons plus.',
        button: 'Effacer mes données',
      },
    },
    erase: {
      heading: 'Effacer toutes vos données ?',
      text: 'Ce que nous conservons sur vous sera supprimé, aussitôt et pour toujours : ce que vous nous avez dit, vos consentements et nos messages. Nous ne pourrons pas revenir en arrière. Téléchargez d’abord une copie si vous en voulez une.',
      button: 'Oui, effacer mes données',
      no: 'Non, revenir',
    },
    done: {
      correct: {
        heading: 'C’est corrigé',
        text: 'Merci. Nous tenons compte dès maintenant de ce que vous avez écrit.',
      },
      object: {
        heading: 'Plus de publicité',
        text: 'Nous ne vous en enverrons plus. Un message déjà parti peut encore vous parvenir.',
      },
      'take-back': {
        heading: 'Merci',
        text: 'Vous pourrez à nouveau recevoir de la publicité, là où vous y avez consenti.',
      },
      restrict: {
        heading: 'Vos données sont gelées',
        text: 'Nous les conservons sans rien en faire d’autre, jusqu’à ce que vous leviez le gel.',
      },
      lift: { heading: 'Le gel est levé', text: 'Tout reprend comme avant.' },
      erase: {
        heading: 'Vos données sont effacées',
        text: 'Il n’en reste qu’une marque qui nous empêche de vous écrire à nouveau. Vous n’avez rien d’autre à faire.',
      },
    },
    back: 'Revenir à vos données',
    wrong: 'Cela ne peut pas être enregistré ainsi :',
  },
};
