import { holidayName } from '../calendar/index.ts';
import type { Closing, Felt } from '../gate/index.ts';
import type { Channel } from '../shared/channel.ts';
import { amountsOf, durationParts, heaviest, hoursParts, instantParts, listed } from './phrasing.ts';
import type { GateTold, OutcomeTold, RuleTold, Words, WrittenRule } from './told.ts';

const MANY: Record<Channel, string> = { email: 'e-mails', sms: 'SMS' };
const ONE: Record<Channel, string> = { email: 'e-mail', sms: 'SMS' };
const ADDRESS: Record<Channel, string> = { email: 'adresse e-mail', sms: 'numéro de téléphone' };
const DAYS = ['', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];
const UNITS = {
  year: ['an', 'ans'],
  month: ['mois', 'mois'],
  week: ['semaine', 'semaines'],
  day: ['jour', 'jours'],
  hour: ['heure', 'heures'],
  minute: ['minute', 'minutes'],
} as const;
const PERIODS = {
  day: 'jour',
  week: 'semaine',
  month: 'mois civil',
  quarter: 'trimestre civil',
  year: 'année civile',
} as const;
/** What the policy calls its three categories. */
const CATEGORIES: Readonly<Record<string, string>> = { service: 'de service', transactional: 'transactionnels' };

/** French typography: no line ends before a colon or within quotes. */
const NB = '\u00a0';
const COLON = `${NB}: `;
const SEMICOLON = `${NB}; `;
const quoted = (text: string): string => `«${NB}${text}${NB}»`;
const about = ({ purpose, channel }: GateTold): string => `${quoted(purpose)} par ${ONE[channel]}`;

const duration = (text: string): string =>
  durationParts(text)
    .map(({ unit, count }) => `${count} ${UNITS[unit][count === 1 ? 0 : 1]}`)
    .join(' ');

function hours(text: string): string {
  const { days, from, until } = hoursParts(text);
  const range = ([first, last]: readonly [number, number]): string =>
    first === last ? `le ${DAYS[first]}` : `du ${DAYS[first]} au ${DAYS[last]}`;
  const time = `entre ${from} et ${until}`;
  return days === null ? time : `${listed(days.map(range), 'et')} ${time}`;
}

/** The first of a month is an ordinal, and the only one. */
const dayIn = (at: number, zone: string): string => instantParts(at, zone, 'fr-FR').day.replace(/(?<!\d)1(?= )/, '1er');

function instant(at: number, zone: string): string {
  const time = instantParts(at, zone, 'fr-FR').time;
  const day = dayIn(at, zone);
  return `${day} à ${time}`;
}

const only = (when: string): string => (when.startsWith('e') ? `qu’${when}` : `que ${when}`);

/** ` ; le lun. 6 avr. 2026 est férié (Lundi de Pâques)`. */
function holidays({ holidays: days = [] }: Closing): string {
  const told = days.map((day) => {
    const name = holidayName(day, day.date, 'fr');
    return `le ${dayIn(Date.parse(day.date), 'UTC')} est férié${name === null ? '' : ` (${name})`}`;
  });
  return told.map((day) => `${SEMICOLON}${day}`).join('');
}

function clock({ record: { closed } }: GateTold): string {
  return closed?.hours === undefined ? '' : `${hours(closed.hours)} (heure de ${closed.zone})${holidays(closed)}`;
}

function blackout({ record: { closed } }: GateTold): string {
  if (closed?.blackout === undefined) return 'rien ne partait ces jours-là';
  const { from, to, reason } = closed.blackout;
  const day = (date: string): string => dayIn(Date.parse(date), 'UTC');
  const days = from === to ? `le ${day(from)}` : `du ${day(from)} au ${day(to)}`;
  return `rien ne part ${days} (${reason})`;
}

function messages({ scope }: WrittenRule, count: number): string {
  const [channel, ...others] = scope.channels ?? [];
  const noun =
    channel === undefined || others.length > 0
      ? `message${count < 2 ? '' : 's'}`
      : count < 2
        ? ONE[channel]
        : MANY[channel];
  const kind = listed(
    (scope.categories ?? []).map((category) => CATEGORIES[category] ?? category),
    'ou',
  );
  const of = listed([...(scope.programmes ?? []), ...(scope.scenarios ?? [])], 'et');
  return `${noun}${kind === '' ? '' : ` ${kind}`}${of === '' ? '' : ` de ${of}`}`;
}

function within({ window }: WrittenRule): string {
  if (window === undefined) return 'en tout';
  if ('rolling' in window) return `sur ${duration(window.rolling)}`;
  if ('gap' in window) return `sur ${duration(window.gap)}`;
  if ('calendar' in window) return `par ${PERIODS[window.calendar]}`;
  return 'en tout';
}

function allows({ name, counter, written }: RuleTold): string {
  const max = counter?.max ?? 0;
  if (name === 'own-max-per-week')
    return `le contact a demandé au plus ${max} message${max < 2 ? '' : 's'} par semaine`;
  if (written === null) return `la règle ${quoted(name)} en autorise ${max}`;
  const { unit = 'messages' } = written;
  if (typeof unit !== 'string') {
    const { halfLife } = unit.score;
    return `la règle ${quoted(name)} autorise un score de ${max}, divisé par deux tous les ${duration(halfLife)}, et ce message ajoute ${counter?.cost ?? 1}`;
  }
  if (unit === 'sms-parts')
    return `la règle ${quoted(name)} autorise ${max} segments de ${messages(written, 2)} ${within(written)}, et celui-ci en a ${counter?.cost ?? 1}`;
  if (written.window !== undefined && 'gap' in written.window && max > 0)
    return `la règle ${quoted(name)} laisse ${duration(written.window.gap)} entre deux ${messages(written, 2)}`;
  if (max === 0) return `la règle ${quoted(name)} n’autorise aucun ${messages(written, 1)} ${within(written)}`;
  return `la règle ${quoted(name)} autorise ${max} ${messages(written, max)} ${within(written)}`;
}

/** What a rule lets through, whoever it is about: `au plus 2 e-mails marketing sur 7 jours`. */
export function allowedFrench(rule: WrittenRule): string {
  const { unit = 'messages', window } = rule;
  if (window !== undefined && 'gap' in window)
    return `au moins ${duration(window.gap)} entre deux ${messages(rule, 2)}`;
  const amounts = amountsOf(rule);
  const most = listed(amounts.map(String), 'ou');
  if (typeof unit !== 'string')
    return `un score d’au plus ${most}, divisé par deux tous les ${duration(unit.score.halfLife)}`;
  if (unit === 'sms-parts') return `au plus ${most} segments de ${messages(rule, 2)} ${within(rule)}`;
  if (most === '0') return `aucun ${messages(rule, 1)} ${within(rule)}`;
  return `au plus ${most} ${messages(rule, amounts.at(-1)!)} ${within(rule)}`;
}

const unnamed = (channel: string, scenario: string): string =>
  `${channel === 'sms' ? ONE.sms : ONE.email}${scenario === '' ? '' : ` de ${scenario}`}`;

/** A score, as people read it. */
const round = (score: number): number => Math.round(score * 100) / 100;

/** A reaction, after `le contact`. */
const REACTED: Record<Felt['kind'], (when: string, count: number) => string> = {
  complaint: (when) => `a signalé un message comme indésirable le ${when}`,
  unsubscribe: (when) => `a retiré un consentement le ${when}`,
  stop: (when) => `a répondu STOP le ${when}`,
  unclicked: (when, count) => `n’a cliqué dans aucun des e-mails jusqu’à celui du ${when}, soit ${count} de trop`,
};

function lowered({ rule, at }: GateTold): string {
  const { from, by = [] } = rule?.counter?.lowered ?? {};
  if (from === undefined) return '';
  const why = heaviest(by).map(({ kind, at: when, count = 1 }) => REACTED[kind](at(when), count));
  return ` (au lieu de ${from}${why.length === 0 ? '' : `, car le contact ${listed(why, 'et')}`})`;
}

function kept({ rule, nameOf, at }: GateTold): string {
  const { kept: room = 0, keptFor = [] } = rule?.counter ?? {};
  if (room === 0) return '';
  const names = keptFor.map(({ messageId, at: due, channel, scenario, step }) => {
    const name = messageId === null ? `${unnamed(channel, scenario)}, étape ${step},` : nameOf(messageId);
    return `${name ?? unnamed(channel, scenario)} prévu le ${at(due)}`;
  });
  return `, et la place est gardée pour des messages plus prioritaires${names.length === 0 ? '' : ` (${listed(names, 'et')})`}`;
}

function used(told: GateTold): string {
  const { rule, nameOf, at } = told;
  const { used: count = 0, taken } = rule?.counter ?? {};
  const reserved = kept(told);
  if (count === 0) return reserved;
  const names = (taken ?? []).map(
    ({ messageId, at: sent, channel, scenario }) => `${nameOf(messageId) ?? unnamed(channel, scenario)} le ${at(sent)}`,
  );
  const which = names.length === 0 ? '' : ` (${listed(names, 'et')})`;
  if (rule?.counter?.unit !== undefined) return `, et ${round(count)} sont déjà pris${which}${reserved}`;
  return `, et ${count === 1 ? 'un est déjà parti' : `${count} sont déjà partis`}${which}${reserved}`;
}

const sentOn = ({ settled, at }: OutcomeTold): string => (settled === null ? '' : ` le ${at(settled)}`);

/** What is said in French. */
export const FRENCH: Words = {
  gate: {
    address: 'adresse',
    suppression: 'liste d’exclusion',
    consent: 'consentement',
    'quiet-hours': 'heures calmes',
    window: 'créneau d’envoi',
    pressure: 'pression',
    template: 'modèle',
  },
  refused: {
    address: {
      'no-address': ({ channel }) => `le contact n’a pas d${channel === 'email' ? '’' : 'e '}${ADDRESS[channel]}`,
      'no-sender': ({ sender, channel }) =>
        `l’expéditeur ${quoted(sender)} n’a pas d’identité pour envoyer des ${MANY[channel]}`,
      'no-contact': () => 'le contact n’existe plus',
    },
    suppression: {
      'hard-bounce': ({ channel }) =>
        channel === 'email'
          ? 'l’adresse e-mail n’existe pas, un message précédent est revenu'
          : 'le numéro n’existe pas, un message précédent est revenu',
      'soft-bounces': ({ channel }) =>
        `${channel === 'email' ? 'l’adresse e-mail' : 'le numéro'} a refusé trop de messages à la suite`,
      complaint: () => 'le contact a signalé un message précédent comme indésirable',
      stop: () => 'le contact a répondu STOP',
      objection: () => 'le contact s’est opposé à la prospection',
      erased: () => 'le contact a été effacé et n’est plus sollicité',
    },
    consent: {
      unknown: (told) => `le contact n’a pas consenti à ${about(told)}`,
      withdrawn: (told) => `le contact a retiré son consentement à ${about(told)}`,
      'withdrawn-at-address': (told) =>
        `${told.channel === 'sms' ? 'ce numéro' : 'cette boîte aux lettres'} a dit non à ${about(told)} par un autre contact`,
      refused: (told) => `le contact a refusé ${about(told)}`,
      pending: (told) => `le consentement à ${about(told)} attend encore d’être confirmé`,
      confirmed: (told) => `le consentement à ${about(told)} est déjà confirmé`,
      'not-consent': (told) => `ce que le contact a accepté n’est pas le consentement qu’exige ${about(told)}`,
      'no-sale': (told) => `${about(told)} s’adresse aux clients, et ce contact n’a rien acheté qui compte`,
      'not-professional': (told) => `${about(told)} s’adresse aux professionnels, et ce contact n’en est pas un`,
      'private-mailbox': (told) => `${about(told)} s’adresse aux adresses professionnelles, et celle-ci est privée`,
      'referral-used': () => 'un filleul n’est sollicité qu’une fois, et il l’a été',
      'no-such-purpose': ({ purpose }) => `la politique ne connaît pas la finalité ${quoted(purpose)}`,
    },
    'quiet-hours': {
      closed: (told) =>
        `les ${MANY[told.channel]} ne partent ${only(clock(told) || 'pendant leurs heures d’envoi, alors closes')}`,
      'legal-hours': (told) =>
        `en France, la publicité par SMS ne part jamais un dimanche ni un jour férié, et ne part ${only(clock(told) || hours('Mon-Sat 08:00-22:00'))}`,
      blackout: (told) => blackout(told),
      'never-open': () => 'dans les 60 jours à venir, toutes ses heures d’envoi ne sont jamais ouvertes ensemble',
    },
    window: {
      closed: (told) => `ce message ne part ${only(clock(told) || 'pendant son créneau, alors fermé')}`,
      'never-open': () => 'son créneau ne s’ouvre pas dans les 60 jours à venir',
    },
    pressure: {
      'no-room': (told) =>
        told.rule === null ? 'il n’y avait plus de place' : `${allows(told.rule)}${lowered(told)}${used(told)}`,
      exclusive: ({ rule }) =>
        `tant que le contact est dans un autre programme, ${rule === null ? 'une règle' : `la règle ${quoted(rule.name)}`} écarte ce message`,
      paused: ({ record, at }) =>
        `le contact a demandé une pause${record.until === undefined ? '' : ` jusqu’au ${at(record.until)}`}`,
    },
    template: {},
  },
  refusedOtherwise: {
    address: ({ record }) => `il n’y a personne à qui envoyer (${record.reason})`,
    suppression: ({ record }) => `l’adresse est exclue (${record.reason})`,
    consent: (told) => `${about(told)} n’est pas permis (${told.record.reason})`,
    'quiet-hours': ({ record }) => `ses heures d’envoi étaient closes (${record.reason})`,
    window: ({ record }) => `son créneau était fermé (${record.reason})`,
    pressure: ({ record, rule }) => `la règle ${quoted(rule?.name ?? 'de pression')} l’a refusé (${record.reason})`,
    template: ({ record }) => `son modèle ne peut pas être rempli pour ce contact${COLON}${record.reason}`,
  },
  passedBecause: {
    address: {},
    suppression: {},
    consent: {
      'not-needed': () => 'les messages de cette catégorie n’exigent pas de consentement',
      confirmation: (told) => `il demande la confirmation qu’attend le consentement à ${about(told)}`,
      'soft-opt-in': (told) => `un client qui ne s’y est pas opposé peut recevoir ${about(told)}`,
      contract: (told) => `${about(told)} relève d’un contrat avec le contact`,
      'legitimate-interest': (told) => `un professionnel peut recevoir ${about(told)}`,
      'generic-address': () => 'l’adresse d’un service appartient à l’entreprise et n’exige pas de consentement',
      referral: () => 'un filleul peut être sollicité une fois',
    },
    'quiet-hours': {},
    window: {},
    pressure: { 'not-subject': () => 'la pression ne retient pas les messages de cette catégorie' },
    template: {},
  },
  passed: {
    address: ({ channel }) => `il y a ${channel === 'email' ? 'une' : 'un'} ${ADDRESS[channel]}`,
    suppression: () => 'rien ne s’oppose à cette adresse',
    consent: (told) => `le contact a consenti à ${about(told)}`,
    'quiet-hours': () => 'dans les heures de son canal',
    window: () => 'dans son créneau',
    pressure: () => 'chaque règle avait de la place',
    template: () => 'rempli',
  },
  allPassed: 'Accepté par toutes les règles.',
  ranOut: (until) => `Nouvel examen${COLON}accepté jusqu’au ${until}, le message n’était pas encore parti.`,
  decided: (gate, rule, version) =>
    `Critère décisif${COLON}${gate}${rule === null ? '' : `, règle ${quoted(rule)}`}, version ${version} de la politique.`,
  outcome: {
    held: ({ why, due, at }) =>
      `En attente jusqu’au ${at(due)}${why === null ? '' : `${COLON}${why}`}. Il sera alors jugé de nouveau.`,
    ready: ({ attempts, reason, due, at }) => {
      if (reason === 'breaker-stopped')
        return `Accepté par toutes les règles, mais le marketing de son expéditeur est suspendu${COLON}trop de plaintes, de retours ou d’échecs. Nouvel examen le ${at(due)}.`;
      if (attempts === 0) return 'Accepté par toutes les règles, il part sous peu.';
      const said = reason === null ? '' : ` (${quoted(reason)})`;
      return `Accepté par toutes les règles, mais le prestataire ne l’a pas pris${said}. ${attempts} essai${attempts < 2 ? '' : 's'}${SEMICOLON}prochain le ${at(due)}.`;
    },
    handing: () => 'Accepté par toutes les règles, il est en cours de remise.',
    sent: (told) => {
      const waited =
        told.why === null ? '' : ` Prévu le ${told.at(told.planned)}, il a dû attendre${COLON}${told.why}.`;
      const back =
        told.bounced !== null
          ? ` Il est revenu le ${told.at(told.bounced)}.`
          : told.delivered !== null
            ? ` Le prestataire a signalé son arrivée le ${told.at(told.delivered)}.`
            : '';
      return `Envoyé${sentOn(told)}.${waited}${back}`;
    },
    failed: (told) =>
      `Non remis${COLON}le prestataire l’a refusé définitivement${sentOn(told)}${told.reason === null ? '' : ` (${quoted(told.reason)})`}.`,
    unknown: (told) => {
      const how =
        told.reason === 'interrupted' || told.reason === null ? 'la remise a été interrompue' : quoted(told.reason);
      return `Peut-être arrivé, peut-être non${sentOn(told)}${COLON}${how}. Il compte comme envoyé et ne repartira pas.`;
    },
    blocked: (told) =>
      `Non envoyé${sentOn(told)}${told.why === null ? '' : `${COLON}${told.why}`}.${told.consequence === '' ? '' : ` ${told.consequence}`}`,
    expired: (told) => {
      const why = told.why ?? (told.reason === null ? null : `le prestataire ne l’a pas pris (${quoted(told.reason)})`);
      const until =
        told.expires === null ? 'il avait trop attendu' : `il n’avait de sens que jusqu’au ${told.at(told.expires)}`;
      return `Non envoyé${COLON}${until}${why === null ? '' : `, et d’ici là ${why}`}.`;
    },
    cancelled: (told) => `Non envoyé${COLON}${told.why}${told.settled === null ? '' : ` (${told.at(told.settled)})`}.`,
    holdout: () =>
      `Non envoyé à dessein${COLON}le contact fait partie du groupe témoin, qui ne reçoit rien pour que l’effet soit mesurable.`,
  },
  cancelled: {
    'its enrollment has ended': 'le contact avait quitté le scénario',
    'the contact is gone': 'le contact n’existe plus',
    completed: 'le contact était arrivé au bout du scénario',
    converted: 'le contact avait atteint l’objectif du scénario',
    exited: 'le contact avait quitté le scénario',
    stopped: 'le scénario a été arrêté pour ce contact',
    objection: 'le contact s’est opposé à la prospection',
    otherwise: (reason) => `le contact avait quitté le scénario (${reason})`,
    byRule: (rule) => `la règle ${quoted(rule)} a mis fin au scénario pour ce contact`,
  },
  counted: (rule) => {
    const { used: count = 0, max = 0 } = rule.counter ?? {};
    const span = rule.written === null ? (rule.name === 'own-max-per-week' ? 'sur 7 jours' : '') : within(rule.written);
    const from = rule.counter?.lowered?.from;
    return `${rule.name}${COLON}${count} sur ${max}${span === '' ? '' : ` (${span})`}${from === undefined ? '' : `, au lieu de ${from}`}`;
  },
  consequence: {
    drop: 'Ce qui ne trouve pas de place sous cette règle est abandonné.',
    exit: 'Cette règle met aussi fin au scénario pour ce contact.',
    switch: (channel) => `Cette règle demande un ${channel === 'sms' ? 'SMS' : 'e-mail'} à la place.`,
    hold: (longest, room) =>
      room === null
        ? `Il peut attendre ${longest}, et aucune place ne se libère d’ici là.`
        : `Une place se libère le ${room}, et il ne peut attendre que ${longest}.`,
  },
  absence: {
    restricted: () => 'Rien n’est fait de ce contact, le traitement de ses données est limité.',
    objection: () => 'Le contact s’est opposé à la prospection, il n’entre dans aucun scénario de ce genre.',
    holdout: () => 'Le contact fait partie du groupe témoin de ce scénario, il est mesuré et ne reçoit rien.',
    inside: ({ at, text }) => `Le contact y est depuis le ${at}, à l’étape ${quoted(text)}.`,
    ended: ({ at, text }) => `Le contact y a été, jusqu’au ${at} (${text}).`,
    'no-reentry': () => 'Personne n’entre deux fois dans ce scénario.',
    'reentry-later': ({ until }) => `Il pourra y entrer de nouveau à partir du ${until}.`,
    retired: () => 'Le scénario n’accueille plus personne.',
    'no-event': ({ text }) =>
      `On y entre par ${quoted(text)}, et aucun événement de ce nom n’est arrivé pour ce contact.`,
    historical: ({ text, at }) =>
      `Son dernier ${quoted(text)}, du ${at}, a été envoyé comme historique${COLON}il compte dans les conditions et ne fait entrer personne.`,
    late: ({ text, at, until }) =>
      `Son dernier ${quoted(text)}, du ${at}, est arrivé le ${until}, trop tard pour faire entrer qui que ce soit.`,
    'before-publication': ({ text, at, until }) =>
      `Son dernier ${quoted(text)}, du ${at}, a précédé la publication du scénario le ${until}.`,
    filter: ({ text, at }) =>
      `Son dernier événement, du ${at}, n’est pas de ceux que prend le scénario${COLON}${text}.`,
    'no-key': ({ text, at }) => `Son dernier événement, du ${at}, n’a pas de valeur pour la clé ${quoted(text)}.`,
    'no-date': ({ text }) => `Le contact n’a pas de ${quoted(text)}.`,
    'not-yet': ({ until }) => `Nouvel examen le ${until}.`,
    'already-so': ({ text }) => `On y entre au moment où ceci devient vrai, et ce l’est déjà${COLON}${text}.`,
    condition: ({ text }) => `On y entre quand ceci change, et cela n’a pas eu lieu${COLON}${text}.`,
    manual: () => 'Seuls quelqu’un ou un autre scénario y font entrer, et personne ne l’a fait.',
    audience: ({ text }) => `Tel qu’il est à présent, le contact n’est pas dans l’audience du scénario${COLON}${text}.`,
    unknown: () =>
      'Tel qu’il est à présent, le contact entrerait. Ce qui l’a tenu à l’écart n’est pas consigné, ses données ont pu changer.',
  },
  earliest: (channel, at, now) => {
    if (at === null) return `Aucun ${ONE[channel]} publicitaire ne pourrait partir, à aucun moment.`;
    return `Un ${ONE[channel]} publicitaire pourrait partir ${now ? 'maintenant' : `au plus tôt le ${at}`}.`;
  },
  openToday: (spans) => (spans === '' ? 'Fermé aujourd’hui.' : `Ouvert aujourd’hui ${spans}.`),
  testTime: (from, until) => `Il court du ${from} au ${until}.`,
  freeRoom: `place libre au début de chaque jour, à cet instant pour aujourd’hui${COLON.trimEnd()}`,
  waiting: `en attente${COLON.trimEnd()}`,
  duration,
  hours,
  instant,
};
