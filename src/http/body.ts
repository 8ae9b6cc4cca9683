import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify';
import { Problem, invalidRequest } from './problem.ts';

/** Bytes of the largest body, before and after decompression (interfaces, "Events API": 500 KB a batch). */
export const LARGEST_BODY = 500 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** Bytes of the body as parsed, after decompression. */
    bodyBytes: number;
  }
}

type Decoder = (
  body: Buffer,
  options: { maxOutputLength: number },
  done: (error: Error | null, plain: Buffer) => void,
) => void;
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompress,
};

/** Levels of JSON that are read: far more than anything here has, and far from what exhausts a stack. */
const DEEPEST_JSON = 200;

/** Whether a JSON text nests deeper than is read; brackets inside of texts do not count. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x22) inText = !inText;
    else if (inText) at += char === 0x5c ? 1 : 0;
    else if (char === 0x5b || char === 0x7b) {
      if (++depth > DEEPEST_JSON) return true;
    } else if (char === 0x5d || char === 0x7d) depth--;
  }
  return false;
}

const tooLarge = (): Problem =>
  new Problem(413, 'too-large', 'The request is too large', {
    detail: `A body has at most ${LARGEST_BODY} bytes, also when it is compressed. Send fewer calls in a batch.`,
  });

/**
 * Undoes `Content-Encoding`. Never makes more than the largest body allowed, however well the input was packed:
 * the decoder is stopped at that size.
 */
async function decode(request: FastifyRequest, body: Buffer): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return body;
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decoder === undefined) {
    throw new Problem(415, 'unsupported-media-type', 'The body is of a kind that is not read here', {
      detail: `Content-Encoding "${encoding}" is not known; use gzip, deflate, br or none.`,
      headers: { 'Accept-Encoding': 'gzip, deflate, br' },
    });
  }
  return new Promise((resolve, reject) => {
    decoder(body, { maxOutputLength: LARGEST_BODY }, (error, plain) => {
      if (error === null) resolve(plain);
      else if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge());
      else {
        const message = `The body is not ${encoding}: ${error.message}.`;
        reject(invalidRequest([{ code: 'invalid-encoding', severity: 'error', message }]));
      }
    });
  });
}

/** What a mailbox, or our own button, posts when a person wants no more. */
const isUnsubscribe = ({ url }: FastifyRequest): boolean => url.startsWith('/u/');

type Parser = (request: FastifyRequest, body: Buffer) => Promise<unknown>;

/** The same, but an unsubscribe with a body that cannot be read is one all the same. */
const heard =
  (parse: Parser): Parser =>
  async (request, body) => {
    try {
      return await parse(request, body);
    } catch (error) {
      if (isUnsubscribe(request)) return body.toString('utf8');
      throw error;
    }
  };

/** The problem of a text that Fastify's parser refused: it is not JSON, or has keys that would reach prototypes. */
function notJson(text: string): Problem {
  let message = 'The body has a key "__proto__" or "constructor.prototype", which is not taken.';
  try {
    JSON.parse(text);
  } catch (error) {
    message =
      text.trim() === '' ? 'The body is empty; send JSON.' : `The body is not JSON: ${(error as Error).message}.`;
  }
  return invalidRequest([{ code: 'invalid-json', severity: 'error', message }]);
}

/**
 * How bodies are read. JSON also comes as `text/plain` from browsers' beacons and from Amazon SNS, but only to the
 * events API and the webhooks, which ask for a key or signature: elsewhere
 * a page of another site could make a signed-in browser send it. `multipart/form-data` is what RFC 8058 lets a
 * mailbox post to an unsubscribe link; its content says nothing that is needed, so it stays text. Whatever else comes to
 * such a link is heard as well: a person pressed a button, and no body may be the reason that nothing happened (rule C5).
 */
export function readBodies(adapter: FastifyAdapter): void {
  const instance = adapter.getInstance<FastifyInstance>();
  instance.decorateRequest('bodyBytes', 0);
  const parseJson = instance.getDefaultJsonParser('error', 'error') as unknown as (
    request: FastifyRequest,
    text: string,
    done: (error: Error | null, value?: unknown) => void,
  ) => void;

  const json = async (request: FastifyRequest, body: Buffer): Promise<unknown> => {
    const plain = await decode(request, body);
    request.bodyBytes = plain.length;
    const text = plain.toString('utf8');
    if (isTooDeep(text)) {
      const message = `The body nests deeper than ${DEEPEST_JSON} levels.`;
      throw invalidRequest([{ code: 'invalid-json', severity: 'error', message }]);
    }
    return new Promise((resolve, reject) => {
      parseJson(request, text, (error, value) => (error === null ? resolve(value) : reject(notJson(text))));
    });
  };
  const jsonAsText = (request: FastifyRequest, body: Buffer): Promise<unknown> => {
    if (!/^\/(?:v1|webhooks)\//.test(request.url))
      throw new fastify.errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE('text/plain');
    return json(request, body);
  };
  const form = async (request: FastifyRequest, body: Buffer): Promise<unknown> =>
    Object.fromEntries(new URLSearchParams((await decode(request, body)).toString('utf8')));
  const text = async (request: FastifyRequest, body: Buffer): Promise<unknown> =>
    (await decode(request, body)).toString('utf8');

  const other = (request: FastifyRequest, body: Buffer): Promise<unknown> => {
    if (!isUnsubscribe(request))
      throw new fastify.errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type'] ?? 'none');
    return Promise.resolve(body.toString('utf8'));
  };

  const limit = { bodyLimit: LARGEST_BODY };
  adapter.useBodyParser('application/json', false, limit, heard(json));
  adapter.useBodyParser(/^application\/[\w.-]+\+json(;|$)/i, false, limit, heard(json));
  adapter.useBodyParser('text/plain', false, limit, heard(jsonAsText));
  adapter.useBodyParser('application/x-www-form-urlencoded', false, limit, heard(form));
  adapter.useBodyParser('multipart/form-data', false, limit, heard(text));
  adapter.useBodyParser('*', false, limit, other);
}
