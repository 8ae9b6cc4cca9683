import { Module } from '@nestjs/common';
import { Database } from '../database/index.ts';
import { TemplateCache } from './cache.service.ts';
import { TemplateStore } from './template.store.ts';

@Module({
  providers: [
    {
      provide: TemplateCache,
      inject: [Database],
      useFactory: (database: Database): TemplateCache => {
        const store = new TemplateStore(database);
        return new TemplateCache((id, version) => store.getForRender(id, version));
      },
    },
  ],
  exports: [TemplateCache],
})
export class TemplatesModule {}
