/** What every JavaScript object answers to by itself: a map with such a key would be changed as a whole, or lose it. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** True for a name that nothing of people's making may have (rule S4). */
export function isReservedName(name: string): boolean {
  return RESERVED.has(name);
}

/** What is said of one. */
export const RESERVED_NAME = {
  error: 'a name that JavaScript keeps for itself',
  params: { code: 'reserved-name', hint: 'choose another name' },
} as const;
