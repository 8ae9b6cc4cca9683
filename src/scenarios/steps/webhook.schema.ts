import { z } from 'zod';
import { id } from '../notation.schema.ts';
import { urlFault } from '../webhook-url.ts';
import type { WayOut } from './language.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** A field name of RFC 9110, 5.1. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What frames the request, belongs to the connection alone (RFC 9110, 7.6.1), or is the signature's. */
const OURS =
  /^(?:host|content-length|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*|webhook-.*)$/i;

const url = z
  .string()
  .max(2_000, { error: 'longer than 2000 characters' })
  .superRefine((text, context) => {
    const fault = urlFault(text);
    if (fault === null) return;
    const { message, hint } = fault;
    context.addIssue({ code: 'custom', message, params: { code: 'wrong-url', hint } });
  });

const headers = z.record(z.string(), z.string()).superRefine((fields, context) => {
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(fields)) {
    // At the map and not at the value, which may be a secret and is shown with a fault of its own.
    const report = (what: string): void =>
      context.addIssue({ code: 'custom', message: `header "${name}" ${what}`, params: { code: 'wrong-header' } });
    if (!TOKEN.test(name)) report('has no name of letters, digits and hyphens');
    else if (OURS.test(name)) report('is set by Relance, and cannot be written');
    else if (seen.has(name.toLowerCase())) report('stands twice, in upper and lower case');
    else if (!/^[\t\x20-\x7e]*$/.test(value)) report('takes one line of ASCII');
    seen.add(name.toLowerCase());
  }
});

/** Calls another system; left when the call was taken, or given up. */
export const webhookStep = z
  .strictObject({
    webhook: z
      .strictObject({
        url,
        method: z.enum(METHODS).default('POST'),
        headers: headers.default({}),
        body: z.json().optional(),
      })
      .refine(({ method, body }) => method !== 'GET' || body === undefined, {
        error: 'a GET has no body',
        path: ['body'],
        params: { code: 'wrong-value', hint: 'take the body out, or write another method' },
      }),
    next: id.optional(),
    onError: id.optional(),
  })
  .transform(({ webhook, ...flow }) => ({ kind: 'webhook' as const, ...webhook, ...flow }));

export type WebhookStep = z.output<typeof webhookStep>;

export const webhookWays = (step: WebhookStep): WayOut[] => [
  { name: 'next', target: step.next, at: ['next'], immediate: true },
  step.onError === undefined
    ? { name: 'onError', target: step.next, at: ['next'], immediate: true }
    : { name: 'onError', target: step.onError, at: ['onError'], immediate: true },
];
