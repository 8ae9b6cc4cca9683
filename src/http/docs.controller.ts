import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Controller, Get, Inject, NotFoundException, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access } from './credential.ts';

/** Injection token: makes the description when it is first asked for. */
export const API_DESCRIPTION = Symbol('API_DESCRIPTION');
export type ApiDescription = { current: (() => OpenAPIObject) | null };

const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};
/** What is tried on the page shows the token of the page, as every change must. */
const START = `const csrfToken = document.querySelector('meta[name="csrf-token"]').content;
SwaggerUIBundle({
  url: './openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  requestInterceptor: (request) => {
    if (csrfToken && new URL(request.url, location.href).origin === location.origin)
      request.headers['X-CSRF-Token'] = csrfToken;
    return request;
  },
});
`;
/** Scripts of this origin only; the page styles its elements itself. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const page = (csrfToken: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Relance API</title>
<meta name="csrf-token" content="${csrfToken}">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

/** The description of the API (`/api/openapi.json`) and a page to read it on (`/api/docs`). */
@ApiExcludeController()
@Controller('api')
export class DocsController {
  constructor(@Inject(API_DESCRIPTION) private readonly description: ApiDescription) {}

  @Get('openapi.json')
  @Access('viewer')
  openapi(): OpenAPIObject {
    if (this.description.current === null) throw new NotFoundException();
    return this.description.current();
  }

  @Get('docs')
  @Access('viewer', { page: true })
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    void reply
      .headers({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(page(request.csrfToken ?? ''));
  }

  @Get('docs/:asset')
  @Access('viewer')
  async asset(@Param('asset') asset: string, @Res() reply: FastifyReply): Promise<void> {
    if (asset === 'start.js') {
      void reply.type('text/javascript; charset=utf-8').send(START);
      return;
    }
    const type = Object.hasOwn(ASSETS, asset) ? ASSETS[asset] : undefined;
    if (type === undefined) throw new NotFoundException();
    const require = createRequire(import.meta.resolve('@nestjs/swagger'));
    const folder = path.dirname(require.resolve('swagger-ui-dist/package.json'));
    void reply
      .header('Cache-Control', 'private, max-age=86400')
      .type(type)
      .send(await readFile(path.join(folder, asset)));
  }
}
