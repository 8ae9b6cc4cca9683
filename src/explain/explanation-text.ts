import { explainMessage, type ExplainedMessage } from './explanation.ts';
import { WORDS } from './language.ts';
import type { Setting } from './sentences.ts';

const GATE = 18;

/** An explanation for the terminal: the sentence first, then every gate and judgement that led to it. */
export function explanationText(explained: ExplainedMessage, userId: string | null, setting: Setting): string {
  const { message } = explained;
  const words = WORDS[setting.language];
  const { sentence, gates, judgements, decidedBy, test } = explainMessage(explained, setting);
  const instant = (at: string): string => words.instant(Date.parse(at), setting.zone);
  const lines = [
    `${message.channel} ${message.template}, ${message.scenarioId} ${message.step}, ${userId ?? message.contactId}, ${setting.zone}`,
    sentence,
    ...(decidedBy === null ? [] : [words.decided(words.gate[decidedBy.gate], decidedBy.rule, decidedBy.policyVersion)]),
    ...(test === null ? [] : [test.sentence]),
    '',
    ...gates.flatMap(({ gate, passed, sentence: said, counters }) => [
      `  ${passed ? '+' : '-'} ${words.gate[gate].padEnd(GATE)}${said}`,
      ...counters.map((counter) => `    ${''.padEnd(GATE)}${counter.sentence}`),
    ]),
    ...(gates.length === 0 ? [] : ['']),
    ...judgements.map(({ at, sentence: said }, index) => `  ${index + 1}. ${instant(at)}: ${said}`),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
