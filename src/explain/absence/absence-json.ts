import { formatInstant } from '../../shared/clock.ts';
import { WORDS, type Language } from '../language.ts';
import { messageSentence } from '../sentences.ts';
import type { Absence } from './absence.store.ts';
import type { Finding } from './findings.ts';

/** A finding, in a sentence. */
function findingSentence({ code, at, until, text }: Finding, language: Language, zone: string): string {
  const words = WORDS[language];
  const shown = (instant: number | undefined): string => (instant === undefined ? '' : words.instant(instant, zone));
  return words.absence[code]({ at: shown(at), until: shown(until), text: text ?? '' });
}

/** Why a contact got nothing from a scenario, as it leaves the program. */
export function absenceJson(userId: string, absence: Absence, language: Language): AbsenceJson {
  const setting = absence.in(language);
  const findings = absence.findings.map(({ code, at, until, text }) => ({
    code,
    sentence: findingSentence({ code, at, until, text }, language, setting.zone),
    at: at === undefined ? null : formatInstant(at),
    until: until === undefined ? null : formatInstant(until),
    text: text ?? null,
  }));
  return {
    userId,
    scenario: absence.scenario,
    language,
    zone: setting.zone,
    sentence: findings.map(({ sentence }) => sentence).join(' '),
    findings,
    messages: absence.messages.map(({ message, decisions, returned }) => ({
      id: message.id,
      step: message.step,
      channel: message.channel,
      template: message.template,
      verdict: message.status,
      sentence: messageSentence(message, decisions, returned, setting),
    })),
  };
}

interface AbsenceJson {
  userId: string;
  scenario: string;
  language: Language;
  zone: string;
  sentence: string;
  findings: { code: string; sentence: string; at: string | null; until: string | null; text: string | null }[];
  messages: { id: string; step: string; channel: string; template: string; verdict: string; sentence: string }[];
}

/** The same for the terminal. */
export function absenceText(userId: string, absence: Absence, language: Language): string {
  const { scenario, zone, findings, messages } = absenceJson(userId, absence, language);
  return `${[
    `${userId}, ${scenario}, ${zone}`,
    ...findings.map(({ sentence }) => sentence),
    ...messages.map(
      ({ channel, template, step, id, sentence }) => `\n${channel} ${template}, ${step}, ${id}\n  ${sentence}`,
    ),
  ].join('\n')}\n`;
}
