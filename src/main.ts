import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module.ts';
import type { Config } from './config/index.ts';
import { startEmbedded, type Embedded } from './database/index.ts';
import {
  allowOrigins,
  configureServer,
  createAdapter,
  createLog,
  findPort,
  listenError,
  NestLog,
  type Log,
} from './http/index.ts';

export interface Service {
  /** Where it listens, without a slash at the end. */
  url: string;
  /** Takes no more requests, finishes what is under way, and lets go of the database. A second call does nothing. */
  close(): Promise<void>;
}

/**
 * Runs the service for the roles of `config`, with an embedded PostgreSQL when there is no `databaseUrl`.
 * Returns when it takes requests. Throws UserError for what a person must mend; nothing is left running then.
 */
export async function serve(config: Config): Promise<Service> {
  const log = createLog(config.logLevel);
  const port = await findPort(config.host, config.port);
  let embedded: Embedded | null = null;
  let app: NestFastifyApplication | null = null;
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => (closed ??= closeAll(app, embedded));
  try {
    embedded = config.databaseUrl === undefined ? await startDatabase(config, log) : null;
    const settings: Config = {
      ...config,
      port,
      publicUrl: config.port === 0 ? config.publicUrl.replace(/:0$/, `:${port}`) : config.publicUrl,
      databaseUrl: embedded?.url ?? config.databaseUrl,
    };
    app = await NestFactory.create<NestFastifyApplication>(
      AppModule.of(settings),
      createAdapter(settings.trustedProxies ?? false),
      { bodyParser: false, abortOnError: false, logger: new NestLog(log) },
    );
    configureServer(app, settings.publicUrl);
    allowOrigins(app, settings.corsOrigins ?? []);
    await app.listen(port, config.host);
  } catch (error) {
    await close();
    throw listenError(error, config.host, port);
  }
  const url = `http://${addressOf(config.host)}:${port}`;
  log.info({ url, roles: config.roles }, 'listening');
  return { url, close };
}

const startDatabase = (config: Config, log: Log): Promise<Embedded> =>
  startEmbedded({ dir: config.dataDir, log: (line) => log.info(line) });

/** The application first: what it finishes needs the database. */
async function closeAll(app: NestFastifyApplication | null, embedded: Embedded | null): Promise<void> {
  try {
    await app?.close();
  } finally {
    await embedded?.stop();
  }
}

/** A name that can be connected to; the wildcard addresses cannot. */
function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
