import type { ExistingCrowd } from '../scenarios/index.ts';
import { formatInstant } from '../shared/clock.ts';
import type { Fault } from '../shared/errors.ts';

/** More than this at once are a crowd: a day's work of a small sender, and of a new one a harm to its reputation. */
const CROWD = 1_000;

/** How many are idle for long enough already, what becomes of them, and what they would be sent. */
export function describeCrowd({ scenario, inactivity, people, existing, last, sends }: ExistingCrowd): string {
  const who = `${scenario}: ${people} ${people === 1 ? 'contact has' : 'contacts have'} been inactive for ${inactivity} already`;
  if (existing === 'skip') return `${who}, left out until their next idle period\n`;
  const messages = sends.map(({ step, channel, template }) => `${channel} ${template} (${step})`).join(', ');
  const sent = sends.length === 0 ? 'they are sent nothing' : `they would be sent ${messages}`;
  if (typeof existing === 'string') return `${who}, and enter at once; ${sent}\n`;
  const until = last === null ? '' : `, the last of them on ${formatInstant(last).slice(0, 10)}`;
  return `${who}, and enter ${existing.spread.replace('/d', ' a day')}, those active last first${until}; ${sent}\n`;
}

export const isTooMany = ({ people, existing }: ExistingCrowd): boolean => existing === 'enter' && people > CROWD;

export function crowdWarning({ scenario, people }: ExistingCrowd): Fault {
  return {
    code: 'existing-crowd',
    severity: 'warning',
    message: `${scenario} lets in ${people} contacts at once`,
    hint: 'write existing: skip into its trigger, or existing: { spread: 500/d }',
  };
}
