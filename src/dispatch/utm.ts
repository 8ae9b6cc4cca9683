import type { Message, Policy } from '../gate/index.ts';

/** `utm_source=relance`: names and values, not encoded yet. */
export type UtmParameters = readonly (readonly [name: string, value: string])[];

/** The policy's `utm` for one message: `{{channel}}`, `{{scenario}}` and the like are filled in. */
export function utmOf(utm: Policy['utm'], message: Message): UtmParameters {
  const values: Record<string, string> = {
    channel: message.channel,
    scenario: message.scenarioId,
    programme: message.programme,
    template: message.template,
    step: message.step,
  };
  return Object.entries(utm).map(([name, value]) => [
    `utm_${name}`,
    value.replace(/\{\{\s*(\w+)\s*\}\}/g, (_tag, key: string) => values[key] ?? ''),
  ]);
}

/** An address with the parameters it does not have yet. What the author wrote into it stays as it is, to the letter. */
export function withUtm(url: string, parameters: UtmParameters): string {
  if (parameters.length === 0) return url;
  const [, page, query, fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url)!;
  const there = query === undefined ? null : new URLSearchParams(query);
  const missing = parameters
    .filter(([name]) => there?.has(name) !== true)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  if (missing.length === 0) return url;
  const before = query === undefined || query === '?' ? '?' : query.endsWith('&') ? query : `${query}&`;
  return `${page}${before}${missing.join('&')}${fragment ?? ''}`;
}
