import type { FeltSignal } from '../../pressure/index.ts';
import type { Channel } from '../../shared/channel.ts';
import type { Language } from '../language.ts';

/** What is said of a contact's outlook beside the sentences about messages. Instants are in words. */
export interface OutlookWords {
  /** `nothing`: no reaction weighs anything. */
  felt: (level: number, nothing: boolean) => string;
  signal: Record<FeltSignal['kind'], (count: number) => string>;
  /** After a signal. */
  weighs: (felt: number, points: number) => string;
  lowered: (rule: string, max: number, from: number) => string;
  rises: (max: number, at: string) => string;
  counted: string;
  keptFor: (what: string, at: string) => string;
  /** By a rule that keeps messages away while the contact is in a programme. */
  exclusive: (rule: string) => string;
  once: (channel: Channel) => string;
  sent: string;
  inAll: string;
  since: (at: string) => string;
  shared: (count: number) => string;
}

const ONE: Readonly<Record<Language, Record<Channel, string>>> = {
  en: { email: 'email', sms: 'text message' },
  fr: { email: 'e-mail', sms: 'SMS' },
};
const NB = '\u00a0';
const comma = (value: number): string => String(value).replace('.', ',');

export const OUTLOOK_WORDS: Readonly<Record<Language, OutlookWords>> = {
  en: {
    felt: (level, nothing) =>
      nothing
        ? 'felt pressure: no reaction weighs anything now'
        : `felt pressure, by what reactions weigh now: ${level}`,
    signal: {
      complaint: () => 'reported a message as spam',
      unsubscribe: () => 'withdrew a consent',
      stop: () => 'answered STOP',
      unclicked: (count) =>
        count === 1 ? 'an email too many without a click' : `${count} emails too many without a click`,
    },
    weighs: (felt, points) => (felt === 0 ? ', weighs nothing now' : `: ${felt} of ${points}`),
    lowered: (rule, max, from) => `${rule} allows ${max} instead of ${from}`,
    rises: (max, at) => `${max} from ${at} on`,
    counted: 'what each rule counts now:',
    keptFor: (what, at) => `room is kept for ${what}, due on ${at}`,
    exclusive: (rule) => `${rule}: keeps messages away as long as the contact is in its programme`,
    once: (channel) =>
      `An advertising ${ONE.en[channel]} could leave once the contact has left the programme that keeps others away.`,
    sent: 'objective pressure, what was sent:',
    inAll: 'in all',
    since: (at) => `since ${at}`,
    shared: (count) => `Counted with what others with the same address were sent: ${count}.`,
  },
  fr: {
    felt: (level, nothing) =>
      nothing
        ? `pression ressentie${NB}: aucune réaction ne pèse à présent`
        : `pression ressentie, d’après ce que pèsent les réactions à présent${NB}: ${comma(level)}`,
    signal: {
      complaint: () => 'a signalé un message comme indésirable',
      unsubscribe: () => 'a retiré un consentement',
      stop: () => 'a répondu STOP',
      unclicked: (count) => (count === 1 ? 'un e-mail de trop sans clic' : `${count} e-mails de trop sans clic`),
    },
    weighs: (felt, points) => (felt === 0 ? ', ne pèse plus rien' : `${NB}: ${comma(felt)} sur ${comma(points)}`),
    lowered: (rule, max, from) => `${rule} autorise ${comma(max)} au lieu de ${comma(from)}`,
    rises: (max, at) => `${comma(max)} à partir du ${at}`,
    counted: `ce que chaque règle compte à présent${NB}:`,
    keptFor: (what, at) => `la place est gardée pour ${what}, prévu le ${at}`,
    exclusive: (rule) => `${rule}${NB}: écarte les messages tant que le contact est dans son programme`,
    once: (channel) =>
      `Un ${ONE.fr[channel]} publicitaire pourrait partir une fois que le contact aura quitté le programme qui écarte les autres.`,
    sent: `pression objective, ce qui a été envoyé${NB}:`,
    inAll: 'en tout',
    since: (at) => `depuis le ${at}`,
    shared: (count) => `Compté avec ce que d’autres ont reçu à la même adresse${NB}: ${count}.`,
  },
};
