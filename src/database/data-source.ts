import { types } from 'node:util';
import pg from 'pg';
import { DataSource, getMetadataArgsStorage, type Logger } from 'typeorm';
import { UserError } from '../shared/errors.ts';
import { migrations } from './migrations/index.ts';
import { SnakeCaseNaming } from './naming.ts';

export interface Connections {
  /** `postgres://user:password@host:5432/name` */
  url: string;
  /** Connections kept at most; the one that listens for wake-ups comes on top. */
  poolSize: number;
}

/** PostgreSQL 15: the oldest version all statements are written for. */
const OLDEST_VERSION = 150_000;

/**
 * UTC and ISO, so that timestamps read the same on every server. JIT off: it costs more than these short statements
 * take. A process that hangs inside a transaction gives its lanes back after a minute.
 */
export const SESSION_SETTINGS =
  '-c timezone=UTC -c datestyle=ISO -c jit=off -c idle_in_transaction_session_timeout=60s';

/**
 * The data source, not connected yet. Its entities are all entity classes that the program has imported by now:
 * each domain brings its own, and this folder need not know them.
 */
export function createDataSource({ url, poolSize }: Connections): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: getMetadataArgsStorage().tables.map((table) => table.target as Function),
    migrations: [...migrations],
    migrationsTableName: 'migration',
    namingStrategy: new SnakeCaseNaming(),
    applicationName: 'relance',
    installExtensions: false,
    synchronize: false,
    logging: false,
    logger: silent,
    poolSize,
    connectTimeoutMS: 10_000,
    // An idle connection that was lost: whoever needs one next gets another, or an error that names the cause.
    poolErrorHandler: () => {},
    // Pipelined: statements started together go out together instead of each waiting for the one before.
    extra: {
      options: SESSION_SETTINGS,
      keepAlive: true,
      idleTimeoutMillis: 60_000,
      pipeline: true,
      Client: PooledClient,
    },
  });
}

/**
 * A connection whose loss never ends the process. The pool listens to those that lie idle and whoever has taken one listens
 * to that; between the two is a moment in which the server's last word would find nobody.
 */
export class PooledClient extends pg.Client {
  constructor(settings?: pg.ClientConfig) {
    super(settings);
    this.on('error', () => {});
  }
}

/** Whatever goes wrong is thrown as well: the caller says so once. */
const silent: Logger = {
  logQuery() {},
  logQueryError() {},
  logQuerySlow() {},
  logSchemaBuild() {},
  logMigration() {},
  log() {},
};

/** Connects, or says in one sentence what a person must do. Throws UserError; then nothing is left open. */
export async function connect(dataSource: DataSource): Promise<void> {
  const where = describe(dataSource);
  try {
    await dataSource.initialize();
  } catch (error) {
    throw explain(error, where);
  }
  const rows = await dataSource.query<{ number: string; name: string }[]>(
    `SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS name`,
  );
  const refusal = refuseVersion(Number(rows[0]!.number), rows[0]!.name, where);
  if (refusal !== null) {
    await dataSource.destroy();
    throw refusal;
  }
}

/** The error for a server that is too old; null for one that is not. `number` as in `server_version_num`. */
export function refuseVersion(number: number, name: string, where: string): UserError | null {
  return number >= OLDEST_VERSION
    ? null
    : new UserError(
        `${where} is PostgreSQL ${name}; Relance needs 15 or later: upgrade it, or point DATABASE_URL elsewhere`,
      );
}

/** Host and name, never the password. */
function describe(dataSource: DataSource): string {
  const { url } = dataSource.options as { url?: string };
  const parsed = new URL(url ?? 'postgres://localhost');
  return `the database "${decodeURIComponent(parsed.pathname.slice(1))}" at ${parsed.hostname}:${parsed.port || 5432}`;
}

const MENDED_BY: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there: start PostgreSQL, or correct DATABASE_URL',
  ENOTFOUND: 'no such host: correct DATABASE_URL',
  EAI_AGAIN: 'the name of the host cannot be resolved now: check DATABASE_URL and the network',
  ETIMEDOUT: 'it does not answer: check DATABASE_URL, the network and the firewall',
  ECONNRESET: 'it hung up: check that PostgreSQL listens there, and whether it wants TLS (?sslmode=require)',
  '28P01': 'it refused the password: correct the user and the password in DATABASE_URL',
  '28000':
    'it refused the user: check the user in DATABASE_URL, pg_hba.conf, and whether it wants TLS (?sslmode=require)',
  '3D000': 'it does not exist: create it (createdb), or correct the name in DATABASE_URL',
  '53300': 'it has no connection left: raise max_connections, or lower DATABASE_POOL_SIZE',
  '57P03': 'it is starting up or shutting down: try again in a moment',
};

/** The driver says these in words only. */
function codeFor(message: string): string {
  if (/timeout/i.test(message)) return 'ETIMEDOUT';
  return /Connection terminated/.test(message) ? 'ECONNRESET' : '';
}

function explain(error: unknown, where: string): unknown {
  if (!types.isNativeError(error)) return error;
  const inner = 'errors' in error ? (error as AggregateError).errors[0] : error;
  const { message: text, code = '' } = inner as Error & { code?: string };
  const mending = MENDED_BY[code] ?? MENDED_BY[codeFor(text)];
  if (mending === undefined && code === '') return error;
  return new UserError(`${where} cannot be used: ${mending ?? text}`);
}
