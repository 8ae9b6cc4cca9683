import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RequiresCredential } from '../http/index.ts';
import { formatInstant } from '../shared/clock.ts';
import { LedgerCheck } from './ledger-check.service.ts';

@ApiTags('health')
@Controller('health')
@RequiresCredential('none')
export class LedgerHealthController {
  constructor(private readonly check: LedgerCheck) {}

  @Get('consent')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether the consent ledger is whole, as far as this process has looked' })
  @ApiResponse({ status: 200, description: 'Also when it is broken: `ledger` says so, and `broken` how many rows' })
  health(): object {
    const { checkedAt, ...health } = this.check.health();
    return { ...health, checkedAt: checkedAt === null ? null : formatInstant(checkedAt) };
  }
}
