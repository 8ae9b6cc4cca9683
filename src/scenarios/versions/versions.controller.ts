import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Database } from '../../database/index.ts';
import { Access, Problem } from '../../http/index.ts';
import { formatInstant } from '../../shared/clock.ts';
import { HistoryStore, type PublishedDocument, type VersionRecord } from './history.store.ts';
import type { DocumentName } from './reference.ts';

const LISTS = 'Every published version, the newest first; of scenarios, with how many people are inside each';
const TELLS = 'One published version, byte for byte';
const NONE = { status: 404, description: 'It was never published' } as const;

/** What was ever published: versions are immutable (rule D8). */
@ApiTags('versions')
@Controller('api')
export class VersionsController {
  private readonly history: HistoryStore;

  constructor(database: Database) {
    this.history = new HistoryStore(database);
  }

  @Get('scenarios/:id/versions')
  @Access('viewer')
  @ApiOperation({ summary: LISTS })
  @ApiResponse(NONE)
  @Header('Cache-Control', 'no-store')
  scenarioVersions(@Param('id') id: string): Promise<object> {
    return this.list({ kind: 'scenario', id });
  }

  @Get('scenarios/:id/versions/:version')
  @Access('viewer')
  @ApiOperation({ summary: TELLS })
  @ApiResponse(NONE)
  scenarioVersion(@Param('id') id: string, @Param('version') version: string): Promise<object> {
    return this.one({ kind: 'scenario', id }, version);
  }

  @Get('policy/versions')
  @Access('viewer')
  @ApiOperation({ summary: LISTS })
  @ApiResponse(NONE)
  @Header('Cache-Control', 'no-store')
  policyVersions(): Promise<object> {
    return this.list({ kind: 'policy', id: 'policy' });
  }

  @Get('policy/versions/:version')
  @Access('viewer')
  @ApiOperation({ summary: TELLS })
  @ApiResponse(NONE)
  policyVersion(@Param('version') version: string): Promise<object> {
    return this.one({ kind: 'policy', id: 'policy' }, version);
  }

  @Get('templates/:id/versions')
  @Access('viewer')
  @ApiOperation({ summary: LISTS })
  @ApiResponse(NONE)
  @Header('Cache-Control', 'no-store')
  templateVersions(@Param('id') id: string): Promise<object> {
    return this.list({ kind: 'template', id });
  }

  @Get('templates/:id/versions/:version')
  @Access('viewer')
  @ApiOperation({ summary: TELLS })
  @ApiResponse(NONE)
  templateVersion(@Param('id') id: string, @Param('version') version: string): Promise<object> {
    return this.one({ kind: 'template', id }, version);
  }

  private async list(name: DocumentName): Promise<object> {
    const versions = await this.history.versionsOf(name);
    if (versions.length === 0) throw new Problem(404, 'not-found', await this.history.whyMissing(name));
    return { versions: versions.map(recordJson) };
  }

  private async one(name: DocumentName, text: string): Promise<object> {
    const found = /^[1-9]\d{0,8}$/.test(text) ? await this.history.find({ ...name, version: Number(text) }) : null;
    if (found === null) throw new Problem(404, 'not-found', await this.history.whyMissing({ ...name, version: text }));
    const record = (await this.history.versionsOf(name)).find(({ version }) => version === found.version)!;
    return { ...recordJson(record), ...contentJson(found) };
  }
}

/** A scenario and the policy are one text, a template is several. */
function contentJson({ kind, files }: PublishedDocument): object {
  return kind === 'template' ? { files } : { source: Object.values(files)[0] };
}

function recordJson({ publishedAt, kind: _kind, path, people, ...record }: VersionRecord): object {
  const ofScenario = people === null ? {} : { path, people };
  return { ...record, publishedAt: formatInstant(publishedAt), ...ofScenario };
}
