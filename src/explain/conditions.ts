import {
  describeCondition,
  type Condition,
  type ConditionWords,
  type ConsentLeaf,
  type MessageLeaf,
} from '../audience/index.ts';
import type { Channel } from '../shared/channel.ts';
import { FRENCH } from './french.ts';
import type { Language } from './language.ts';

const CHANNEL: Readonly<Record<Channel, string>> = { email: 'e-mail', sms: 'SMS' };

const CONSENTED: Readonly<Record<ConsentLeaf['is'], string>> = {
  granted: 'accordé',
  withdrawn: 'retiré',
  refused: 'refusé',
  pending: 'en attente',
  unknown: 'inconnu',
};
const BECOME: Readonly<Record<MessageLeaf['is'], string>> = {
  sent: 'envoyé',
  delivered: 'arrivé',
  opened: 'ouvert',
  clicked: 'cliqué',
  bounced: 'revenu',
};
const VALUES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [true, 'vrai'],
  [false, 'faux'],
  [null, 'vide'],
]);

/** Conditions in French. */
const IN_FRENCH: ConditionWords = {
  operators: {
    equals: 'est',
    not: 'n’est pas',
    in: 'est parmi',
    notIn: 'n’est pas parmi',
    contains: 'contient',
    startsWith: 'commence par',
    endsWith: 'finit par',
    matches: 'correspond à',
    gt: '>',
    gte: '≥',
    lt: '<',
    lte: '≤',
    before: 'avant',
    after: 'après',
  },
  and: 'et',
  or: 'ou',
  not: (condition) => `pas (${condition})`,
  exists: (subject) => `${subject} est renseigné`,
  missing: (subject) => `${subject} manque`,
  daysSince: (attribute) => `nombre de jours depuis ${attribute}`,
  filtered: (event, where) => `${event} où ${where}`,
  numberOf: (events) => `nombre de ${events}`,
  within: (what, duration) => `${what} sur ${FRENCH.duration(duration)}`,
  consent: ({ consent: { purpose, channel }, is }) =>
    `consentement à ${purpose} par ${CHANNEL[channel as Channel]} ${CONSENTED[is]}`,
  message: ({ message: { channel, template, scenario }, is }) => {
    const what = [channel && CHANNEL[channel as Channel], template ?? 'message', scenario && `de ${scenario}`];
    return `${what.filter(Boolean).join(' ')} ${BECOME[is]}`;
  },
  audience: (name) => `dans l’audience ${name}`,
  ofEntry: (path) => `${path} de l’entrée`,
  value: (value) => VALUES.get(value) ?? JSON.stringify(value).replace('.', ','),
};

/** A condition in the words of a language: `country in FR, BE`, `country est parmi FR, BE`. */
export function conditionText(condition: Condition, language: Language): string {
  return language === 'fr' ? describeCondition(condition, IN_FRENCH) : describeCondition(condition);
}
