import { Module } from '@nestjs/common';
import { ResultsController } from './results.controller.ts';

/** What scenarios achieved, over HTTP; for processes with the role `api`. */
@Module({ controllers: [ResultsController] })
export class ReportingApiModule {}
