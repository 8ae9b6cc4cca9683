import type { EnrollmentStatus } from '../../engine/index.ts';
import { formatInstant } from '../../shared/clock.ts';
import { conditionText } from '../conditions.ts';
import { WORDS, type Language } from '../language.ts';
import { messageSentence } from '../sentences.ts';
import type { Absence } from './absence.store.ts';
import type { Finding } from './findings.ts';

/** How a passage ended. */
const ENDED: Readonly<Record<Language, Record<EnrollmentStatus, string>>> = {
  en: {
    active: 'active',
    waiting: 'waiting',
    completed: 'completed',
    converted: 'converted',
    exited: 'exited',
    stopped: 'stopped',
  },
  fr: {
    active: 'en cours',
    waiting: 'en attente',
    completed: 'terminé',
    converted: 'objectif atteint',
    exited: 'sorti',
    stopped: 'arrêté',
  },
};

/** A finding, in a sentence. */
function findingSentence(finding: Finding, language: Language, zone: string): string {
  const { code, at, until } = finding;
  const words = WORDS[language];
  const shown = (instant: number | undefined): string => (instant === undefined ? '' : words.instant(instant, zone));
  return words.absence[code]({ at: shown(at), until: shown(until), text: findingText(finding, language) ?? '' });
}

/** What it names, in the language where it is more than a name. */
function findingText({ text, condition, end }: Finding, language: Language): string | undefined {
  if (condition !== undefined) return conditionText(condition, language);
  if (end === undefined) return text;
  const ended = ENDED[language][end.status];
  return end.reason === null ? ended : `${ended}, ${end.reason}`;
}

/** Why a contact got nothing from a scenario, as it leaves the program. */
export function absenceJson(userId: string, absence: Absence, language: Language): AbsenceJson {
  const setting = absence.in(language);
  const findings = absence.findings.map((finding) => ({
    code: finding.code,
    sentence: findingSentence(finding, language, setting.zone),
    at: finding.at === undefined ? null : formatInstant(finding.at),
    until: finding.until === undefined ? null : formatInstant(finding.until),
    text: findingText(finding, language) ?? null,
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
