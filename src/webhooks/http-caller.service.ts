import { lookup } from 'node:dns/promises';
import { request as requestOverHttp, type ClientRequest, type RequestOptions } from 'node:http';
import { request as requestOverHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPlainlyPrivate, isPublicAddress, literalAddress, namesHost } from '../shared/internet-address.ts';
import type { Answer } from './outcome.ts';

/** All an attempt may take, from the name's resolution to the end of the answer. */
const TIMEOUT = 10_000;
/** Bytes of an answer's body that are read, for the receiver's sake; nothing is done with them. */
const MOST_READ = 64 * 1024;

/** The addresses of a host. */
export type Resolve = (hostname: string) => Promise<string[]>;

/** As the operating system does it. */
export const resolveHost: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

export interface OutgoingCall {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
}

/**
 * Makes calls, but to no private address (rule S4): a name is resolved once, and the connection goes to the very
 * addresses that were looked at, so that a second answer of the name server plays no part. TLS and `Host` are for the name.
 */
export class HttpCaller {
  constructor(
    private readonly resolve: Resolve = resolveHost,
    private readonly timeoutMs = TIMEOUT,
  ) {}

  /** @param allowHosts hosts of the policy that may be private */
  async call(call: OutgoingCall, allowHosts: readonly string[]): Promise<Answer> {
    const url = new URL(call.url);
    const isAllowed = namesHost(allowHosts, url);
    if (!isAllowed && isPlainlyPrivate(url)) return refused(url, url.hostname);
    const signal = AbortSignal.timeout(this.timeoutMs);
    try {
      const addresses = await within(signal, this.addressesOf(url));
      const usable = isAllowed ? addresses : addresses.filter(isPublicAddress);
      if (usable.length === 0) return refused(url, addresses.join(', '));
      return await send(url, call, { signal, lookup: pinnedTo(usable) });
    } catch (error) {
      return { kind: 'unreachable', reason: this.reasonOf(error as NodeJS.ErrnoException, signal) };
    }
  }

  private async addressesOf(url: URL): Promise<string[]> {
    const literal = literalAddress(url);
    return literal === null ? this.resolve(url.hostname) : [literal];
  }

  private reasonOf({ code, message }: NodeJS.ErrnoException, { aborted }: AbortSignal): string {
    return aborted ? `no answer within ${this.timeoutMs / 1000} s` : `could not be reached: ${code ?? message}`;
  }
}

function refused(url: URL, address: string): Answer {
  const what = address === url.hostname ? address : `${url.hostname}, which leads to ${address || 'nothing'},`;
  return { kind: 'refused', reason: `${what} is a private address, which policy.yaml does not allow` };
}

/** A connection's own lookup, which knows the answer. */
function pinnedTo(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, { all }, callback) => {
    if (all === true) callback(null, known);
    else callback(null, known[0]!.address, known[0]!.family);
  };
}

function send(url: URL, { method, headers, body }: OutgoingCall, options: RequestOptions): Promise<Answer> {
  const open = url.protocol === 'https:' ? requestOverHttps : requestOverHttp;
  // A connection of its own: one kept from before would be to an address that was looked at then.
  const request = open(url, { ...options, method, agent: false });
  request.setHeader('User-Agent', 'Relance');
  if (body !== null) {
    request.setHeader('Content-Type', 'application/json');
    request.setHeader('Content-Length', Buffer.byteLength(body));
  }
  for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
  const answer = answerTo(request);
  request.end(body ?? undefined);
  return answer;
}

/** The status decides; whatever happens to the rest of the answer changes nothing. */
function answerTo(request: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answer: Answer | null = null;
    request.on('error', (error) => (answer === null ? reject(error) : resolve(answer)));
    request.on('response', (response) => {
      const known: Answer = {
        kind: 'answered',
        statusCode: response.statusCode!,
        retryAfter: response.headers['retry-after'] ?? null,
      };
      answer = known;
      let read = 0;
      response.on('data', ({ length }: Buffer) => {
        read += length;
        if (read > MOST_READ) response.destroy();
      });
      response.on('error', () => resolve(known));
      response.on('close', () => resolve(known));
    });
  });
}

/** What cannot be interrupted is no longer waited for. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = (): void => {};
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
