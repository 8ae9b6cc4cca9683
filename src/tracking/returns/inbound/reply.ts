import type { Policy } from '../../../gate/index.ts';
import type { PageLanguage } from '../../../pages/index.ts';
import { senderData } from '../../../templates/index.ts';
import type { AnsweredWord, Word } from '../../../consent/index.ts';

/** Answers to one number within a day; an automatic answerer at the other end goes no further. */
const MOST_ANSWERS = 5;

/** Without accents that are outside the GSM alphabet: each is one part (rule "SMS length"). */
const WORDING: Readonly<Record<AnsweredWord, Readonly<Record<PageLanguage, string>>>> = {
  stop: {
    en: '{{sender}}: you will get no more advertising from us by text message. To get it again, answer START.',
    fr: '{{sender}} : vous ne recevrez plus de publicité de notre part par SMS. Pour en recevoir à nouveau, répondez START.',
  },
  start: {
    en: '{{sender}}: you get our text messages again. To end them, answer STOP.',
    fr: '{{sender}} : vous recevez à nouveau nos SMS. Pour ne plus en recevoir, répondez STOP.',
  },
  help: {
    en: '{{sender}}: for help write to {{contact}}. To get no more advertising by text message, answer STOP.',
    fr: '{{sender}} : pour toute question, {{contact}}. Pour ne plus recevoir de publicité par SMS, répondez STOP.',
  },
};

/** What decides whether we answer. */
export interface Asked {
  word: Word;
  /** The provider has answered already. */
  answeredByProvider: boolean;
  /** Something has changed: a STOP after a STOP changes nothing, and is not answered (no loops). */
  news: boolean;
  /** Answers to this number in the last day: in all, and to the same word. */
  today: { all: number; same: number };
}

/**
 * To which word an answer is owed, null for none: one confirmation of a STOP or START, and help once a day (CTIA Messaging Principles, 5.1.3),
 * where the policy leaves it to us (`smsReplies.by`). The provider may not have answered itself.
 */
export function answerTo(
  { word, answeredByProvider, news, today }: Asked,
  by: Policy['smsReplies']['by'],
): AnsweredWord | null {
  if (by !== 'relance' || answeredByProvider || word === 'other' || today.all >= MOST_ANSWERS) return null;
  return (word === 'help' ? today.same === 0 : news) ? word : null;
}

/** The words of an answer in the name of a sender: those of the policy, else ours. */
export function replyText(word: AnsweredWord, language: PageLanguage, sender: string, policy: Policy): string {
  const { name, replyTo, sms } = senderData(policy.senders[sender]!);
  const wording = policy.smsReplies[word]?.[language] ?? WORDING[word][language];
  return wording.replaceAll('{{sender}}', String(name)).replaceAll('{{contact}}', String(replyTo || sms));
}
