import { writtenRules, type Policy, type Side, type TestSide } from '../gate/index.ts';
import { canonicalJson } from '../shared/hash.ts';
import { allowedEnglish } from './english.ts';
import { allowedFrench } from './french.ts';
import type { Language } from './language.ts';
import { listed } from './phrasing.ts';
import type { WrittenRule } from './told.ts';

/** By what a side differs from the other one. */
interface SideTold extends TestSide {
  /** Rules that the other side does not have like this. */
  own: readonly WrittenRule[];
  /** Names of rules that only the other side has. */
  without: readonly string[];
}

const ALLOWED: Readonly<Record<Language, (rule: WrittenRule) => string>> = { en: allowedEnglish, fr: allowedFrench };

const WORDS: Readonly<Record<Language, (told: SideTold) => string>> = {
  en: ({ id, side, own, without }) => {
    const rules = [...own.map(allowedEnglish), ...without.map((name) => `without the rule “${name}”`)];
    const which = side === 'base' ? 'base side' : 'side of the variant';
    return `The contact is in the frequency test “${id}”, on the ${which}${rules.length === 0 ? '' : `: ${listed(rules, 'and')}`}.`;
  },
  fr: ({ id, side, own, without }) => {
    const rules = [...own.map(allowedFrench), ...without.map((name) => `sans la règle «\u00a0${name}\u00a0»`)];
    const which = side === 'base' ? 'de base' : 'de la variante';
    return `Le contact participe au test de fréquence «\u00a0${id}\u00a0», du côté ${which}${rules.length === 0 ? '' : `\u00a0: ${listed(rules, 'et')}`}.`;
  },
};

/** What a rule lets through, in a few words: `at most 2 marketing emails within 7 days`. */
export const ruleInWords = (rule: WrittenRule, language: Language): string => ALLOWED[language](rule);

/** On which side of which frequency test a contact is, and by what that side differs; `policy` is that of the judgement. */
export function sideSentence(test: TestSide, policy: Policy | null, language: Language): string {
  const named = policy?.frequencyTest?.id === test.id ? policy : null;
  if (named === null) return WORDS[language]({ ...test, own: [], without: [] });
  const [mine, others] = [test.side, test.side === 'base' ? 'variant' : 'base'].map((side) =>
    writtenRules(named, side as Side),
  ) as [WrittenRule[], WrittenRule[]];
  const theirs = new Set(others.map((rule) => canonicalJson(rule)));
  return WORDS[language]({
    ...test,
    own: mine.filter((rule) => !theirs.has(canonicalJson(rule))),
    without: others.map(({ rule }) => rule).filter((name) => !mine.some(({ rule }) => rule === name)),
  });
}
