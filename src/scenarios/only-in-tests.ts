import path from 'node:path';
import type { Policy } from '../gate/index.ts';
import type { Fault } from '../shared/errors.ts';

/** A policy that only a test file has, and the scenarios that it is played with. */
interface OwnPolicy {
  file: string;
  scenarios: readonly string[];
  policy: Policy;
}

const PARTS = {
  'unknown-audience': 'audiences',
  'unknown-purpose': 'purposes',
  'unknown-sender': 'senders',
  'unknown-category': 'categories',
} as const;

/**
 * A name that the policy beside a scenario lacks and the policy of its own test has is no error of the two together:
 * a warning, because the scenario cannot be published so.
 */
export function onlyInTests(fault: Fault, own: readonly OwnPolicy[]): Fault {
  const part = Object.hasOwn(PARTS, fault.code) ? PARTS[fault.code as keyof typeof PARTS] : undefined;
  const name = fault.message.split(' ').at(-1)!;
  if (part === undefined || fault.file === undefined) return fault;
  const scenario = path.basename(fault.file, '.yaml');
  const test = own.find(({ scenarios, policy }) => scenarios.includes(scenario) && Object.hasOwn(policy[part], name));
  if (test === undefined) return fault;
  const message = `${name} stands only in the policy of ${path.basename(test.file)}`;
  return {
    ...fault,
    severity: 'warning',
    message,
    hint: `write it under ${part} of policy.yaml before this is published`,
  };
}
