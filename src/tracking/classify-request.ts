import { isbot } from 'isbot';

/**
 * What follows links and fetches pictures before a person does, as far as it says so and `isbot` does not know it:
 * scanners of mail gateways, and the proxies through which mailboxes fetch pictures on their own account.
 */
const MAIL_SCANNERS =
  /barracuda|mimecast|proofpoint|urldefense|safelinks|trend ?micro|symantec|fireeye|ironport|sophos|forcepoint|zscaler|GoogleImageProxy|YahooMailProxy|ms-?office|microsoft office|bingpreview|skypeuripreview/i;

/** Apple's Mail Privacy Protection fetches every picture of every mail under this name, and nothing else. */
const APPLE_MAIL_PRIVACY = /^Mozilla\/5\.0$/;

export interface TrackedRequest {
  method: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * What about a request alone shows that no person made it; null when nothing does.
 * The headers are those of browsers that fetch ahead (Chromium `Sec-Purpose`, Safari `Purpose`, Firefox `X-Moz`).
 */
export function machineRequest({ method, headers }: TrackedRequest): string | null {
  if (method !== 'GET') return 'head';
  const ahead = [headers['sec-purpose'], headers['purpose'], headers['x-purpose'], headers['x-moz']].flat().join(' ');
  if (/prefetch|prerender|preview/i.test(ahead)) return 'prefetch';
  const agent = headers['user-agent'];
  if (typeof agent !== 'string' || agent.trim() === '') return 'no-user-agent';
  if (MAIL_SCANNERS.test(agent) || APPLE_MAIL_PRIVACY.test(agent)) return 'mail-scanner';
  return isbot(agent) ? 'bot' : null;
}
