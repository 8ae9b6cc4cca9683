import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Database, isUsable } from '../database/index.ts';
import { RequiresCredential } from './credential.ts';
import { unavailable } from './problem.ts';

/** A balancer asks every few seconds and does not wait long. */
const PATIENCE_MS = 2_000;

@ApiTags('health')
@Controller('health')
@RequiresCredential('none')
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The process runs' })
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The database answers, takes writes, and its schema is in place: requests can be taken' })
  async ready(): Promise<{ status: 'up'; database: 'up'; migrations: number }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), PATIENCE_MS);
    });
    try {
      const migrations = await Promise.race([isUsable(this.database), late]);
      return { status: 'up', database: 'up', migrations };
    } catch {
      throw unavailable('The database cannot be used.');
    } finally {
      clearTimeout(timer);
    }
  }
}
