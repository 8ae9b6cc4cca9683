import { Global, Module, StandardSchemaValidationPipe } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { CONFIG, type Config } from '../config/index.ts';
import { API_DESCRIPTION, DocsController, type ApiDescription } from './docs.controller.ts';
import { HealthController } from './health.controller.ts';
import { createLog, LOG } from './log.ts';
import { Metrics } from './metrics.ts';
import { MetricsController } from './metrics.controller.ts';
import { ProblemFilter } from './problem.filter.ts';
import { invalidRequest } from './problem.ts';

/** Health, figures, log, the form of errors, and the check of what comes in against its schema. */
@Global()
@Module({
  controllers: [HealthController, MetricsController, DocsController],
  providers: [
    Metrics,
    { provide: LOG, inject: [CONFIG], useFactory: (config: Config) => createLog(config.logLevel) },
    { provide: API_DESCRIPTION, useFactory: (): ApiDescription => ({ current: null }) },
    { provide: APP_FILTER, useClass: ProblemFilter },
    {
      provide: APP_PIPE,
      useFactory: () =>
        new StandardSchemaValidationPipe({
          exceptionFactory: (issues) =>
            invalidRequest(
              issues.map((issue) => ({
                code: 'invalid-value',
                severity: 'error',
                message: issue.message,
                path: (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
              })),
            ),
        }),
    },
  ],
  exports: [Metrics, LOG],
})
export class HttpModule {}
