import { writtenRules, type Policy, type Side, type TestSide } from '../gate/index.ts';
import { canonicalJson } from '../shared/hash.ts';
import { allowedEnglish } from './english.ts';
import { allowedFrench } from './french.ts';
import type { Language } from './language.ts';
import { listed } from './phrasing.ts';
import type { WrittenRule } from './told.ts';

const WORDS: Readonly<Record<Language, SideWords>> = {
  en: {
    allowed: allowedEnglish,
    without: (name) => `without the rule “${name}”`,
    and: 'and',
    sentence: ({ id, side }, rules) =>
      `The contact is in the frequency test “${id}”, on the ${side === 'base' ? 'base side' : 'side of the variant'}${rules === '' ? '' : `: ${rules}`}.`,
  },
  fr: {
    allowed: allowedFrench,
    without: (name) => `sans la règle «\u00a0${name}\u00a0»`,
    and: 'et',
    sentence: ({ id, side }, rules) =>
      `Le contact participe au test de fréquence «\u00a0${id}\u00a0», du côté ${side === 'base' ? 'de base' : 'de la variante'}${rules === '' ? '' : `\u00a0: ${rules}`}.`,
  },
};

interface SideWords {
  allowed: (rule: WrittenRule) => string;
  without: (rule: string) => string;
  and: string;
  sentence: (test: TestSide, rules: string) => string;
}

/** By what the rules of a side differ from those of the other; empty when by nothing. */
export function sideInWords(side: Side, rules: Readonly<Record<Side, WrittenRule[]>>, language: Language): string {
  const words = WORDS[language];
  const [mine, others] = side === 'base' ? [rules.base, rules.variant] : [rules.variant, rules.base];
  const theirs = new Set(others.map((rule) => canonicalJson(rule)));
  const own = mine.filter((rule) => !theirs.has(canonicalJson(rule))).map(words.allowed);
  const left = others.filter(({ rule: name }) => !mine.some(({ rule }) => rule === name));
  return listed([...own, ...left.map(({ rule }) => words.without(rule))], words.and);
}

/** On which side of which frequency test a contact is, and by what that side differs; `policy` is that of the judgement. */
export function sideSentence(test: TestSide, policy: Policy | null, language: Language): string {
  const { sentence } = WORDS[language];
  if (policy?.frequencyTest?.id !== test.id) return sentence(test, '');
  const rules = { base: writtenRules(policy, 'base'), variant: writtenRules(policy, 'variant') };
  return sentence(test, sideInWords(test.side, rules, language));
}
