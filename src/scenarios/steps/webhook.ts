import { formatInstant } from '../../shared/clock.ts';
import { CALLED } from '../machine-event.ts';
import { compileInto, compilePlaceholders, type PlaceholderData } from '../placeholders.ts';
import { compileUrl } from '../fill-url.ts';
import { factsOf, placeholderData, type Place, type StepCompiler } from './step-state.ts';

/** Asks for one call, made after the tick, and rests until it was taken or given up. */
export const compileWebhook: StepCompiler<'webhook'> = ({ url, method, headers, body }, place) => {
  const failed = `given-up:${place.step}`;
  const fillUrl = compileUrl(url);
  const fillHeaders = Object.entries(headers).map(([name, value]) => [name, compileInto(value, headerText)] as const);
  const fillBody = body === undefined ? undefined : compilePlaceholders(body);
  return {
    state: {
      entry: [{ type: 'webhook', params: { step: place.step, method, url, body } }],
      on: { [CALLED]: [place.way('onError', failed), place.way('next')] },
    },
    guards: { [failed]: ({ event: { input } }) => input.type === 'called' && input.outcome === 'failed' },
    request: (args) => {
      const data = placeholderData(args);
      const bodyless = method === 'GET' || (method === 'DELETE' && fillBody === undefined);
      return {
        method,
        ...fillUrl(data),
        headers: Object.fromEntries(fillHeaders.map(([name, fill]) => [name, fill(data)])),
        body: bodyless
          ? null
          : JSON.stringify(fillBody === undefined ? description(data, place, factsOf(args).now) : fillBody(data)),
      };
    },
  };
};

/**
 * What is sent where no `body` is written, in the form the Standard Webhooks specification recommends. Of the contact
 * only what says nothing about the person but where and in which language they are: what else a receiver needs is written.
 */
function description({ contact, entry, enrollment }: PlaceholderData, place: Place, now: number): object {
  const { userId, locale, country } = contact;
  return {
    type: 'scenario.step',
    timestamp: formatInstant(now),
    data: {
      contact: { userId, locale, country },
      scenario: place.scenario,
      step: place.step,
      enrollment: { id: enrollment.id, enteredAt: formatInstant(enrollment.enteredAt) },
      event: entry === null ? null : { name: entry.name, at: formatInstant(entry.at), properties: entry.properties },
    },
  };
}

/** Within the ASCII that a header takes whatever the receiver: other characters percent-encoded. */
const headerText = (text: string): string => text.toWellFormed().replace(/[^\x20-\x7e]/gu, encodeURIComponent);
