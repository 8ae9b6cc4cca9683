import type { ProviderAdapter } from './adapter.ts';
import { gateway } from './gateway.service.ts';
import { mailgun } from './mailgun.service.ts';
import { postmark } from './postmark.service.ts';
import { ses } from './ses.service.ts';
import { twilio } from './twilio.service.ts';

/** Every provider whose reports can be read. */
export const PROVIDERS: readonly ProviderAdapter[] = [ses, mailgun, postmark, twilio, gateway];
