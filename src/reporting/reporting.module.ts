import { Module } from '@nestjs/common';
import { FrequencyTestsController } from './frequency-test/frequency-tests.controller.ts';
import { ResultsController } from './results.controller.ts';

/** What scenarios and frequency tests achieved, over HTTP; for processes with the role `api`. */
@Module({ controllers: [ResultsController, FrequencyTestsController] })
export class ReportingApiModule {}
