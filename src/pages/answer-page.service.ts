import type { FastifyReply, FastifyRequest } from 'fastify';
import { RetryableDatabaseError } from '../database/index.ts';
import { UserError } from '../shared/errors.ts';
import type { Html } from '../shared/html.ts';
import { NOBODY, type Look } from './look.ts';
import { messagePage } from './message-page.ts';
import { pageLanguage } from './page-language.ts';

/** Seconds after which a database that is away may be back. */
const TRY_AGAIN = 30;

/** What is shown, with its status; `Html` alone for 200. Another `contentPolicy` for what is no page of ours. */
export type PageAnswer = Html | { status: number; page: Html; contentPolicy?: string };

/**
 * Answers a request of a person. Whatever happens, a person reads a page and not a problem document: also while the
 * policy cannot be read (the page then names nobody) and while the database is away (503).
 */
export async function answerPage(
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Promise<Look>,
  work: (look: Look) => Promise<PageAnswer>,
): Promise<void> {
  try {
    const look = await unlessUnread(asked, NOBODY);
    const answer = await work(look);
    const {
      status,
      page,
      contentPolicy = policyOf(look),
    } = 'status' in answer ? answer : { status: 200, page: answer };
    sendPage(reply, status, page, contentPolicy);
  } catch (error) {
    if (!(error instanceof RetryableDatabaseError)) throw error;
    void reply.header('Retry-After', String(TRY_AGAIN));
    const language = pageLanguage(null, request.headers['accept-language']);
    sendPage(reply, 503, messagePage(language, 'away', NOBODY), policyOf(NOBODY));
  }
}

/** What was asked of the policy, or something instead where nothing is published or it cannot be read. */
export async function unlessUnread<Value>(asked: Promise<Value>, instead: Value): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UserError) return instead;
    throw error;
  }
}

/** A page that is kept nowhere, found by no search engine, and tells no other site where it was. */
function sendPage(reply: FastifyReply, status: number, page: Html, contentPolicy: string): void {
  void reply
    .status(status)
    .header('Cache-Control', 'no-store')
    .header('X-Robots-Tag', 'noindex, nofollow')
    .header('Referrer-Policy', 'no-referrer')
    .header('Content-Security-Policy', contentPolicy)
    .type('text/html; charset=utf-8')
    .send(page.text);
}

/** The house's own, with the logo's host. */
function policyOf({ logo }: Look): string {
  const images = ['data:', ...(logo === null ? [] : [new URL(logo).origin])];
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `img-src ${images.join(' ')}`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
