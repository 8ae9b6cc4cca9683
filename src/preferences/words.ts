import type { PageLanguage } from '../pages/index.ts';
import type { FaultyField, PauseName } from './form.ts';

/** All that the page says; what is asked is also kept in the ledger, word for word. */
export interface Words {
  title: string;
  lead: (brand: string) => string;
  channel: Readonly<
    Record<string, { legend: string; ask: string; to: (address: string) => string; noAddress: string }>
  >;
  pending: string;
  week: { label: string; none: string; most: (count: number) => string; hint: string };
  pause: {
    label: string;
    none: string;
    keep: (until: string) => string;
    lift: string;
    for: Readonly<Record<PauseName, string>>;
    hint: string;
    running: (until: string) => string;
  };
  language: { label: string; keep: string };
  save: string;
  stop: { heading: string; text: string; button: string };
  saved: {
    heading: string;
    nothing: string;
    by: Readonly<Record<string, string>>;
    week: (count: number) => string;
    paused: (until: string) => string;
  };
  stopped: { heading: string; text: string; back: string };
  objecting: string;
  contract: string;
  fault: { heading: string } & Readonly<Record<FaultyField, string>>;
}

const EN: Words = {
  title: 'Your preferences',
  lead: (brand) => `Choose what you hear from ${brand}, and how often. Nothing changes until you save.`,
  channel: {
    email: {
      legend: 'By email',
      ask: 'I would like to receive by email:',
      to: (address) => `To ${address}`,
      noAddress: 'We have no email address of yours.',
    },
    sms: {
      legend: 'By text message',
      ask: 'I would like to receive by text message:',
      to: (address) => `To ${address}`,
      noAddress: 'We have no phone number of yours.',
    },
  },
  pending: 'Waits for your confirmation: please follow the link in the message we sent you.',
  week: {
    label: 'Messages a week',
    none: 'As many as there are',
    most: (count) => (count === 1 ? 'At most 1' : `At most ${count}`),
    hint: 'In any seven days, all of the above together.',
  },
  pause: {
    label: 'Take a break',
    none: 'No break',
    keep: (until) => `Until ${until}`,
    lift: 'End the break now',
    for: { '2w': 'For 2 weeks', '1m': 'For 1 month', '3m': 'For 3 months' },
    hint: 'You stay subscribed, and hear nothing from us until it is over.',
    running: (until) => `You are on a break until ${until}.`,
  },
  language: { label: 'Language of our messages', keep: 'As it is' },
  save: 'Save my preferences',
  stop: {
    heading: 'Or stop everything',
    text: 'No newsletter, no offers, on any channel. You need not give a reason.',
    button: 'Stop everything',
  },
  saved: {
    heading: 'Your preferences are saved',
    nothing: 'You do not receive any of our newsletters or offers.',
    by: { email: 'by email', sms: 'by text message' },
    week: (count) => `At most ${count} ${count === 1 ? 'message' : 'messages'} a week.`,
    paused: (until) => `Nothing until ${until}.`,
  },
  stopped: {
    heading: 'We have stopped everything',
    text: 'You will not receive any newsletter or offer from us any more, on any channel. A message that had already left may still arrive.',
    back: 'Changed your mind? Tick what you would like to receive, and save.',
  },
  objecting:
    'You asked us to stop everything. Tick what you would like to receive again, and save: all else stays off.',
  contract: 'Messages about your orders and your account are not affected.',
  fault: {
    heading: 'Nothing was saved',
    form: 'The page did not reach us in one piece. Please check it and save again.',
    week: 'Messages a week: choose one from the list.',
    pause: 'Take a break: choose one from the list.',
    language: 'Language of our messages: choose one from the list.',
  },
};

const FR: Words = {
  title: 'Vos préférences',
  lead: (brand) =>
    `Choisissez ce que vous recevez de ${brand}, et à quel rythme. Rien ne change avant l’enregistrement.`,
  channel: {
    email: {
      legend: 'Par e-mail',
      ask: 'Je souhaite recevoir par e-mail :',
      to: (address) => `À l’adresse ${address}`,
      noAddress: 'Nous n’avons pas d’adresse e-mail à votre nom.',
    },
    sms: {
      legend: 'Par SMS',
      ask: 'Je souhaite recevoir par SMS :',
      to: (address) => `Au ${address}`,
      noAddress: 'Nous n’avons pas de numéro de téléphone à votre nom.',
    },
  },
  pending: 'En attente de votre confirmation : suivez le lien du message que nous vous avons envoyé.',
  week: {
    label: 'Messages par semaine',
    none: 'Autant qu’il y en a',
    most: (count) => `${count} au plus`,
    hint: 'Sur sept jours, tout ce qui précède compris.',
  },
  pause: {
    label: 'Faire une pause',
    none: 'Pas de pause',
    keep: (until) => `Jusqu’au ${until}`,
    lift: 'Mettre fin à la pause',
    for: { '2w': 'Pendant 2 semaines', '1m': 'Pendant 1 mois', '3m': 'Pendant 3 mois' },
    hint: 'Votre inscription demeure, et vous ne recevez rien de nous avant la fin.',
    running: (until) => `Vous êtes en pause jusqu’au ${until}.`,
  },
  language: { label: 'Langue de nos messages', keep: 'Sans changement' },
  save: 'Enregistrer mes préférences',
  stop: {
    heading: 'Ou tout arrêter',
    text: 'Ni lettre, ni offre, par aucun moyen. Sans justification.',
    button: 'Tout arrêter',
  },
  saved: {
    heading: 'Vos préférences sont enregistrées',
    nothing: 'Vous ne recevez aucune de nos lettres ni de nos offres.',
    by: { email: 'par e-mail', sms: 'par SMS' },
    week: (count) => `${count} ${count === 1 ? 'message' : 'messages'} par semaine au plus.`,
    paused: (until) => `Rien avant le ${until}.`,
  },
  stopped: {
    heading: 'Nous avons tout arrêté',
    text: 'Vous ne recevrez plus de nous ni lettre ni offre, par aucun moyen. Un message déjà parti peut encore vous parvenir.',
    back: 'Vous changez d’avis ? Cochez ce que vous souhaitez recevoir et enregistrez.',
  },
  objecting:
    'Vous nous avez demandé de tout arrêter. Cochez ce que vous souhaitez recevoir de nouveau et enregistrez : le reste demeure arrêté.',
  contract: 'Les messages sur vos commandes et votre compte ne sont pas concernés.',
  fault: {
    heading: 'Rien n’a été enregistré',
    form: 'La page ne nous est pas parvenue entière. Vérifiez-la et enregistrez de nouveau.',
    week: 'Messages par semaine : choisissez dans la liste.',
    pause: 'Faire une pause : choisissez dans la liste.',
    language: 'Langue de nos messages : choisissez dans la liste.',
  },
};

export const WORDS: Readonly<Record<PageLanguage, Words>> = { en: EN, fr: FR };
