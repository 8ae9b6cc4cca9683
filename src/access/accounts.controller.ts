import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Patch, Post, Put, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CLOCK } from '../config/index.ts';
import { Database } from '../database/index.ts';
import { Access, ACCOUNT_ROLES, type AccountRole } from '../http/index.ts';
import { formatInstant, type Clock } from '../shared/clock.ts';
import { accountName, accounts, type AccountRecord } from './accounts.store.ts';
import { asProblem } from './as-problem.service.ts';
import { AccessDesk } from './desk.service.ts';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './password.ts';

const role = z.enum(ACCOUNT_ROLES, { error: `must be one of ${ACCOUNT_ROLES.join(', ')}` });
const password = z
  .string()
  .min(SHORTEST_PASSWORD, `must have at least ${SHORTEST_PASSWORD} characters`)
  .max(LONGEST_PASSWORD, `must have at most ${LONGEST_PASSWORD} characters`)
  .optional()
  .describe('Without it one is made up, and told once');
const addSchema = z.strictObject({ email: z.email('must be an email address'), role, password });
const roleSchema = z.strictObject({ role });
const passwordSchema = z.strictObject({ password });

const UNKNOWN = { status: 404, description: 'There is no such account' } as const;
const LAST = { status: 409, description: 'It is the last admin' } as const;

/** People who may sign in. Every change is in the audit log. */
@ApiTags('access')
@Controller('api/accounts')
export class AccountsController {
  private readonly desk: AccessDesk;

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.desk = new AccessDesk(database, clock);
  }

  @Get()
  @Access('admin', { machines: false })
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Everybody who may sign in, with their role' })
  async list(): Promise<{ accounts: object[] }> {
    return { accounts: (await accounts(this.database)).map(accountJson) };
  }

  @Post()
  @HttpCode(201)
  @Access('admin', { machines: false })
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Lets somebody sign in; a password that was made up is told here and never again' })
  @ApiResponse({ status: 409, description: 'There is an account with this email' })
  async add(
    @Body({ schema: addSchema }) body: z.output<typeof addSchema>,
    @Req() request: FastifyRequest,
  ): Promise<{ email: string; role: AccountRole; password?: string }> {
    const made = await asProblem(() => this.desk.addAccount(body, request.actor!));
    return { email: accountName(body.email), role: body.role, ...made };
  }

  @Patch(':email')
  @Access('admin', { machines: false })
  @ApiOperation({ summary: 'Changes what somebody may do, from their next request on' })
  @ApiResponse(UNKNOWN)
  @ApiResponse(LAST)
  async setRole(
    @Param('email') email: string,
    @Body({ schema: roleSchema }) body: z.output<typeof roleSchema>,
    @Req() request: FastifyRequest,
  ): Promise<{ email: string; role: AccountRole }> {
    await asProblem(() => this.desk.setRole(email, body.role, request.actor!));
    return { email: accountName(email), role: body.role };
  }

  @Put(':email/password')
  @Access('admin', { machines: false })
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Sets another password, and ends every session of the account' })
  @ApiResponse(UNKNOWN)
  async setPassword(
    @Param('email') email: string,
    @Body({ schema: passwordSchema }) body: z.output<typeof passwordSchema>,
    @Req() request: FastifyRequest,
  ): Promise<{ email: string; password?: string }> {
    const made = await asProblem(() => this.desk.setPassword(email, body.password, request.actor!));
    return { email: accountName(email), ...made };
  }

  @Delete(':email')
  @Access('admin', { machines: false })
  @ApiOperation({ summary: 'Lets somebody sign in no more, and ends every session of the account' })
  @ApiResponse(UNKNOWN)
  @ApiResponse(LAST)
  async remove(@Param('email') email: string, @Req() request: FastifyRequest): Promise<{ removed: true }> {
    await asProblem(() => this.desk.removeAccount(email, request.actor!));
    return { removed: true };
  }
}

/** Instants leave the program as RFC 3339. */
function accountJson({ createdAt, passwordChangedAt, ...account }: AccountRecord): object {
  return { ...account, createdAt: formatInstant(createdAt), passwordChangedAt: formatInstant(passwordChangedAt) };
}
